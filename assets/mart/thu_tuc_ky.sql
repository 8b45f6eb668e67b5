-- mart.thu_tuc_ky: one procedure x ky x ngay_chot: the catalogue version that is valid at the cut-off (sources.md §4).
select
    $ky as ky,
    $ngay_chot::date as ngay_chot,
    t.* exclude (hieu_luc_tu, hieu_luc_den) replace (coalesce(t.linh_vuc, '(không rõ)') as linh_vuc)
from core.thu_tuc as t
where
    (t.hieu_luc_tu is null or t.hieu_luc_tu <= $ngay_chot::date)
    and (t.hieu_luc_den is null or t.hieu_luc_den > $ngay_chot::date)
