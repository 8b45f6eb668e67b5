-- mart.ho_so_ky: one dossier x ky x ngay_chot, state as of the cut-off (domain.md §3).
-- Every dossier of core.ho_so is here, also those outside the period, so that counts can be reconciled.
-- An outcome dated after the cut-off has not happened yet; dimensions are never null, so that null can mean "all".
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
    coalesce(h.trang_thai not in (1, 3), true) as da_tiep_nhan,
    coalesce(h.trang_thai not in (1, 3), true) and not h.nganh_doc as cua_minh,
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
    h.phi,
    h.le_phi,
    h.phi + h.le_phi as tien_thu,
    coalesce(h.co_phi, false) and h.phi + h.le_phi > 0 as phat_sinh_phi, -- a procedure nobody listed bears no known fee
    h.thanh_toan_truc_tuyen,
    h.co_file_thanh_phan,
    h.co_file_ket_qua,
    coalesce(h.khong_co_ket_qua, false) as khong_co_ket_qua,
    coalesce(h.trang_thai not in (1, 3), true)
    and h.ngay_tiep_nhan between $tu_ngay::date and $ngay_chot::date as nhan_trong_ky,
    h._file_sha256,
    h._sheet,
    h._row
from core.ho_so as h
