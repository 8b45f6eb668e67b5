-- mart.doi_soat_he_thong: one disagreement of two systems about one dossier (sources.md §5), by each one's newest row.
-- A blank of either side is no disagreement: layouts do not all carry the same columns. Vertical agencies are left out.
-- Linked codes are one dossier here: each side is shown with the code of its own system.
-- Absence counts only in systems that should hold every dossier ($day_du), and only where one delivered file of that
-- system covers the dossier: its receipt day lies within the file's. A file of late dossiers alone covers nothing.
-- Most dossiers stand in one system and have no payment listed: nothing can differ, so they are left out at once.
with nhieu_noi as (
    select ma_ho_so
    from core.ho_so_ban
    where la_moi_nhat
    group by ma_ho_so
    having count(*) > 1
    union
    select ma_ho_so
    from core.thanh_toan
),

ban as (
    select b.*
    from core.ho_so_ban as b
    inner join nhieu_noi as n on b.ma_ho_so = n.ma_ho_so
    inner join core.ho_so as h on b.ma_ho_so = h.ma_ho_so
    where b.la_moi_nhat and not h.nganh_doc
),

loai as (
    select unnest([
        'khac_trang_thai', 'khac_ngay_tiep_nhan', 'khac_ngay_hen_tra', 'khac_ngay_ket_cuc', 'khac_tien'
    ]) as loai_lech
),

-- what each system says, one row per dossier x system x kind; payments are a system of their own for money alone
ghi as (
    select
        b.ma_ho_so,
        b.he_thong,
        l.loai_lech,
        case l.loai_lech
            when 'khac_trang_thai' then b.trang_thai::varchar
            when 'khac_ngay_tiep_nhan' then b.ngay_tiep_nhan::varchar
            when 'khac_ngay_hen_tra' then b.ngay_hen_tra::varchar
            when 'khac_ngay_ket_cuc' then b.ngay_ket_cuc::varchar
            when 'khac_tien' then (b.phi + b.le_phi)::varchar
        end as gia_tri,
        b.ngay_tiep_nhan,
        b._file_sha256,
        b._sheet,
        b._row,
        b.ma_trong_he_thong
    from ban as b
    cross join loai as l
    union all
    select
        ma_ho_so,
        'thanh_toan' as he_thong,
        'khac_tien' as loai_lech,
        case when bool_and(tong is not null) then sum(tong)::varchar end as gia_tri,
        null::date as ngay_tiep_nhan,
        min(_file_sha256) as _file_sha256,
        min_by(_sheet, _file_sha256) as _sheet,
        min_by(_row, _file_sha256) as _row,
        ma_ho_so as ma_trong_he_thong
    from core.thanh_toan
    group by ma_ho_so
),

khac as (
    select
        a.ma_ho_so,
        -- some provincial systems rewrite waiting and stopped dossiers to 9 before they push them (domain.md §2)
        case
            when
                a.loai_lech = 'khac_trang_thai'
                and (
                    (a.gia_tri = '9' and b.gia_tri in ('5', '6', '8'))
                    or (b.gia_tri = '9' and a.gia_tri in ('5', '6', '8'))
                )
                then 'ghi_lai_thanh_9'
            else a.loai_lech
        end as loai_lech,
        a.he_thong,
        b.he_thong as he_thong_kia,
        a.gia_tri as gia_tri_ghi,
        b.gia_tri as gia_tri_kia,
        a.ngay_tiep_nhan,
        a._file_sha256,
        a._sheet,
        a._row,
        a.ma_trong_he_thong,
        b.ma_trong_he_thong as ma_trong_he_thong_kia,
        concat_ws('/', b._file_sha256, b._sheet, b._row) as _ban_kia
    from ghi as a
    inner join ghi as b
        on a.ma_ho_so = b.ma_ho_so and a.loai_lech = b.loai_lech and a.he_thong < b.he_thong
    where a.gia_tri <> b.gia_tri
),

tep as (
    select
        he_thong,
        min(ngay_tiep_nhan) as tu_ngay,
        max(ngay_tiep_nhan) as den_ngay
    from core.ho_so_ban
    where list_contains($day_du, he_thong)
    group by _file_sha256, he_thong
    having not bool_and(coalesce(coalesce(ngay_ket_cuc, ngay_xuat::date) > ngay_hen_tra, false))
),

vang as (
    select distinct
        h.ma_ho_so,
        h.he_thong,
        t.he_thong as he_thong_kia,
        h.ngay_tiep_nhan,
        h._file_sha256,
        h._sheet,
        h._row
    from core.ho_so as h
    inner join tep as t on h.ngay_tiep_nhan between t.tu_ngay and t.den_ngay
    left join core.ho_so_ban as b on h.ma_ho_so = b.ma_ho_so and t.he_thong = b.he_thong
    where not h.nganh_doc and coalesce(h.trang_thai not in (1, 3), true) and b.ma_ho_so is null
),

thieu as (
    select
        v.ma_ho_so,
        'thieu_o_he_thong_kia' as loai_lech,
        v.he_thong,
        v.he_thong_kia,
        null::varchar as gia_tri_ghi,
        null::varchar as gia_tri_kia,
        v.ngay_tiep_nhan,
        v._file_sha256,
        v._sheet,
        v._row,
        d.ma_trong_he_thong,
        null::varchar as ma_trong_he_thong_kia,
        null::varchar as _ban_kia
    from vang as v
    inner join core.ho_so_ban as d on v.ma_ho_so = d.ma_ho_so and d._superseded_by is null
)

select * from khac
union all
select * from thieu
order by ma_ho_so, loai_lech, he_thong, he_thong_kia
