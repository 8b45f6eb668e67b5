-- mart.ho_so_ky: one dossier x ky x ngay_chot, state as of the cut-off (domain.md §3).
-- Every dossier of core.ho_so is here, also those outside the period, so that counts can be reconciled.
-- An outcome dated after the cut-off has not happened yet; dimensions are never null, so that null can mean "all".
-- Money: a dossier with payments of a payment list counts those, each by its own day, else with the dossier's receipt;
-- one without counts the fees of the dossier list with its receipt. Payments are summed first: a join of several would
-- multiply the dossier (domain.md §3, §6). Null is "nobody says": where the dossier list does not speak of money, a
-- dossier received on a day that a payment list covers was not paid; on another day nobody knows.
with thu as (
    select
        ma_ho_so,
        bool_and(tong is not null) as doc_duoc, -- of several payments an unreadable one hides their sum
        sum(tong) as tong,
        coalesce(sum(tong) filter (where ngay_thu between $tu_ngay::date and $ngay_chot::date), 0) as trong_ky,
        coalesce(sum(tong) filter (where ngay_thu is null), 0) as khong_ngay
    from core.thanh_toan
    group by ma_ho_so
),

-- a list speaks of the days from its first payment to its last: exported in June, one of May's knows nothing of June
ngay_co_thu as (
    select distinct unnest(generate_series(tu_ngay, den_ngay, interval 1 day))::date as ngay
    from (
        select
            min(ngay_thu) as tu_ngay,
            least(max(ngay_thu), max(ngay_xuat)::date) as den_ngay
        from core.thanh_toan
        where ngay_thu is not null
        group by _file_sha256
    ) as moi_danh_sach
),

ho_so as (
    select
        h.*,
        coalesce(h.trang_thai not in (1, 3), true) as da_tiep_nhan,
        coalesce(h.trang_thai not in (1, 3), true)
        and h.ngay_tiep_nhan between $tu_ngay::date and $ngay_chot::date as nhan_trong_ky
    from core.ho_so as h
),

ghi_o_ho_so as (
    select
        h.*,
        coalesce(
            h.phi + h.le_phi,
            case
                when
                    h.phi is null and h.le_phi is null and h.ngay_tiep_nhan in (select ngay from ngay_co_thu)
                    then 0
            end
        ) as tien_ghi
    from ho_so as h
),

co_tien as (
    select
        h.*,
        case
            when t.ma_ho_so is null then h.tien_ghi
            when t.doc_duoc then t.tong
        end::bigint as tien_thu,
        case
            when t.ma_ho_so is null then case when h.nhan_trong_ky then h.tien_ghi else 0 end
            when t.doc_duoc then t.trong_ky + case when h.nhan_trong_ky then t.khong_ngay else 0 end
        end::bigint as tien_thu_trong_ky
    from ghi_o_ho_so as h
    left join thu as t on h.ma_ho_so = t.ma_ho_so
)

select
    $ky as ky,
    $ngay_chot::date as ngay_chot,
    $tu_ngay::date as tu_ngay,
    h.ma_ho_so,
    coalesce(h.ma_tthc, '(không rõ)') as ma_tthc,
    h.ten_tthc,
    coalesce(h.linh_vuc, '(không rõ)') as linh_vuc,
    coalesce(h.don_vi_xu_ly, h.don_vi_tiep_nhan, '(không rõ)') as don_vi,
    h.he_thong,
    coalesce(h.kenh, 1)::tinyint as kenh, -- no channel given counts as trực tiếp
    h.muc_do,
    h.trang_thai,
    h.nganh_doc,
    h.da_tiep_nhan,
    h.da_tiep_nhan and not h.nganh_doc as cua_minh,
    h.ngay_nop,
    h.ngay_tiep_nhan,
    h.ngay_hen_tra,
    h.ngay_hen_tra_moi,
    h.la_hen_tra_hong,
    h.so_lan_bo_sung,
    h.so_ngay_cho_bo_sung,
    case when h.ngay_ket_cuc <= $ngay_chot::date then h.ket_cuc end as ket_cuc,
    case when h.ngay_ket_cuc <= $ngay_chot::date then h.ngay_ket_cuc end as ngay_ket_cuc,
    h.la_tam_dung,
    h.co_phi,
    h.phi,
    h.le_phi,
    h.tien_thu,
    h.tien_thu_trong_ky,
    h.co_phi and h.tien_thu_trong_ky > 0 as phat_sinh_phi_trong_ky,
    h.thanh_toan_truc_tuyen,
    h.co_file_thanh_phan,
    h.co_file_ket_qua,
    coalesce(h.khong_co_ket_qua, false) as khong_co_ket_qua,
    h.nhan_trong_ky,
    h._file_sha256,
    h._sheet,
    h._row
from co_tien as h
