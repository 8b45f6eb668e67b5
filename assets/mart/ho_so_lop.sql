-- mart.ho_so_lop: one dossier x ky x ngay_chot x chinh_sach: its class under each counting policy (domain.md §3, §4).
-- A view: derivable from mart.ho_so_ky and mart.chinh_sach, and what every indicator predicate reads.
-- Classes exclude each other: ended in the period, open at the cut-off, or outside; han speaks of the first two.
with theo_chinh_sach as (
    select
        h.* exclude (ket_cuc, ngay_ket_cuc),
        p.chinh_sach,
        p.tinh_giai_quyet,
        p.tra_lai_dung_han,
        p.bo_sung_nhieu_lan_la_tre,
        -- "dừng xử lý" is an end under some policies only; elsewhere it stays open, in time, in later periods too
        h.ket_cuc = 'dung' and not p.dung_la_ket_thuc as dung_con_mo,
        case when h.ket_cuc = 'dung' and not p.dung_la_ket_thuc then null else h.ket_cuc end as ket_cuc,
        case when h.ket_cuc = 'dung' and not p.dung_la_ket_thuc then null else h.ngay_ket_cuc end as ngay_ket_cuc,
        case
            when p.dung_hen_tra_moi
                then coalesce(h.ngay_hen_tra_moi, h.ngay_hen_tra + coalesce(h.so_ngay_cho_bo_sung, 0))
            else h.ngay_hen_tra
        end as han_tra
    from mart.ho_so_ky as h
    cross join mart.chinh_sach as p
),

theo_lop as (
    select
        *,
        la_hen_tra_hong and han_tra is null as han_tra_hong,
        da_tiep_nhan and ngay_tiep_nhan < tu_ngay
        and (ngay_ket_cuc is null or ngay_ket_cuc >= tu_ngay) as ky_truoc_chuyen_qua,
        da_tiep_nhan and coalesce(ngay_ket_cuc >= tu_ngay, false) as ket_thuc_trong_ky,
        da_tiep_nhan and ngay_tiep_nhan <= ngay_chot and ngay_ket_cuc is null as dang_giai_quyet
    from theo_chinh_sach
)

select
    * exclude (
        tinh_giai_quyet, tra_lai_dung_han, bo_sung_nhieu_lan_la_tre, dung_con_mo, han_tra, han_tra_hong, la_tam_dung
    ),
    ket_thuc_trong_ky and list_contains(tinh_giai_quyet, ket_cuc) as giai_quyet_trong_ky,
    dang_giai_quyet and la_tam_dung as tam_dung,
    case
        when ket_thuc_trong_ky and tra_lai_dung_han and ket_cuc in ('tu_choi', 'rut') then 'dung_han'
        when ket_thuc_trong_ky and han_tra_hong then 'qua_han'
        when ket_thuc_trong_ky and han_tra is null then 'dung_han'
        when ket_thuc_trong_ky and ngay_ket_cuc < han_tra then 'truoc_han'
        when ket_thuc_trong_ky and ngay_ket_cuc = han_tra then 'dung_han'
        when ket_thuc_trong_ky then 'qua_han'
        when dang_giai_quyet and bo_sung_nhieu_lan_la_tre and coalesce(so_lan_bo_sung, 0) > 1 then 'qua_han'
        when dang_giai_quyet and (la_tam_dung or dung_con_mo) then 'trong_han'
        when dang_giai_quyet and han_tra_hong then 'qua_han'
        when dang_giai_quyet and (han_tra is null or han_tra >= ngay_chot) then 'trong_han'
        when dang_giai_quyet then 'qua_han'
    end as han
from theo_lop
