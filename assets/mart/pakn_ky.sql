-- mart.pakn_ky: one petition (PAKN) x ky x ngay_chot, state as of the cut-off (domain.md §6).
select
    $ky as ky,
    $ngay_chot::date as ngay_chot,
    p.*,
    p.ngay_tiep_nhan between $tu_ngay::date and $ngay_chot::date as nhan_trong_ky,
    coalesce(p.ngay_xu_ly_xong <= $ngay_chot::date, false) as da_xong
from core.pakn as p
