-- mart.hen_tra_tinh_lai: one dossier of the ward received in the period whose procedure has a known time limit: the due
-- date by the working calendar (schemas/rules/deadline.py says the rule) beside the printed one (domain.md §3, §5).
-- mart.lich_lam_viec is the calendar as a lookup: running numbers make adding working days a join. khoi: years without
-- a gap; nothing is counted across a year that nobody knows.
with ho_so as (
    select
        h.ky,
        h.ngay_chot,
        h.ma_ho_so,
        h.ma_tthc,
        h.don_vi,
        h.ngay_tiep_nhan,
        h.ngay_hen_tra,
        t.thoi_han_giai_quyet,
        t.thoi_han_ngay,
        coalesce(h.so_ngay_cho_bo_sung, 0) > 0 or h.ngay_hen_tra_moi is not null as da_doi_hen
    from mart.ho_so_ky as h
    inner join core.thu_tuc as t
        on
            h.ma_tthc = t.ma_tthc
            and coalesce(h.ngay_tiep_nhan >= t.hieu_luc_tu, true)
            and coalesce(h.ngay_tiep_nhan < t.hieu_luc_den, true)
    where
        h.nhan_trong_ky
        and h.cua_minh
        and h.ngay_hen_tra is not null
        and coalesce(t.thoi_han_giai_quyet, t.thoi_han_ngay) is not null
),

khoang as (
    select distinct
        ngay_tiep_nhan,
        ngay_hen_tra,
        thoi_han_giai_quyet,
        thoi_han_ngay
    from ho_so
),

tinh as (
    select
        k.*,
        tra.ngay as ngay_tra,
        hen.so_lam_viec - tra.so_lam_viec as lech,
        thuong.ngay as ngay_quen_nghi,
        hen.so_lam_viec - nhan.so_lam_viec as so_ngay_hen
    from khoang as k
    left join mart.lich_lam_viec as nhan on k.ngay_tiep_nhan = nhan.ngay
    left join mart.lich_lam_viec as hen on k.ngay_hen_tra = hen.ngay and nhan.khoi = hen.khoi
    left join mart.lich_lam_viec as cuoi
        on k.ngay_tiep_nhan + k.thoi_han_ngay = cuoi.ngay and nhan.khoi = cuoi.khoi
    left join mart.lich_lam_viec as tra
        on
            nhan.khoi = tra.khoi
            and tra.lam_viec
            and tra.so_lam_viec = case
                when k.thoi_han_giai_quyet = 0 and nhan.lam_viec then nhan.so_lam_viec
                when k.thoi_han_giai_quyet is not null then nhan.so_lam_viec + greatest(k.thoi_han_giai_quyet, 1)
                when cuoi.lam_viec then cuoi.so_lam_viec
                else cuoi.so_lam_viec + 1
            end
    -- the due date of a system that knows weekends only
    left join mart.lich_lam_viec as thuong
        on
            nhan.khoi = thuong.khoi
            and thuong.la_ngay_thuong
            and thuong.so_ngay_thuong = nhan.so_ngay_thuong + k.thoi_han_giai_quyet
),

ngay_rieng as (
    select
        t.ngay_tiep_nhan,
        t.ngay_hen_tra,
        t.thoi_han_giai_quyet,
        t.thoi_han_ngay,
        string_agg(d.ten_ngay, ', ' order by d.ngay) as ngay_nghi_giua
    from tinh as t
    inner join mart.lich_lam_viec as d
        on t.ngay_tiep_nhan < d.ngay and greatest(t.ngay_hen_tra, t.ngay_tra) >= d.ngay and d.la_ngay_rieng
    where t.lech <> 0
    group by all
)

select
    h.ky,
    h.ngay_chot,
    h.ma_ho_so,
    h.ma_tthc,
    h.don_vi,
    h.ngay_tiep_nhan,
    h.thoi_han_giai_quyet,
    h.thoi_han_ngay,
    h.ngay_hen_tra,
    t.ngay_tra as ngay_hen_tra_tinh_lai,
    t.lech as lech_ngay_lam_viec,
    case
        when t.lech is null then 'chua_co_lich'
        when t.lech = 0 then 'khop'
        when t.lech > 0 and h.da_doi_hen then 'bo_sung_hen_lai'
        when h.ngay_hen_tra = t.ngay_quen_nghi and r.ngay_nghi_giua is not null then 'quen_lich_nghi'
        when h.ngay_hen_tra = h.ngay_tiep_nhan + h.thoi_han_giai_quyet then 'tinh_ngay_lich'
        when t.so_ngay_hen = h.thoi_han_giai_quyet - 1 then 'tinh_ca_ngay_nhan'
        when h.ngay_hen_tra = h.ngay_tiep_nhan + h.thoi_han_ngay then 'roi_vao_ngay_nghi'
        else 'khac'
    end as ly_do_lech,
    r.ngay_nghi_giua
from ho_so as h
left join tinh as t
    on
        h.ngay_tiep_nhan = t.ngay_tiep_nhan
        and h.ngay_hen_tra = t.ngay_hen_tra
        and h.thoi_han_giai_quyet is not distinct from t.thoi_han_giai_quyet
        and h.thoi_han_ngay is not distinct from t.thoi_han_ngay
left join ngay_rieng as r
    on
        h.ngay_tiep_nhan = r.ngay_tiep_nhan
        and h.ngay_hen_tra = r.ngay_hen_tra
        and h.thoi_han_giai_quyet is not distinct from r.thoi_han_giai_quyet
        and h.thoi_han_ngay is not distinct from r.thoi_han_ngay
