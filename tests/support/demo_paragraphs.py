"""The paragraphs of the demo report, written for it: what an officer of a ward would type.

Belongs here: text by section, numbers only through placeholders of declared rows. Not here: figures, and the counted
numbers of section II.2, which the product prints itself.
"""

from __future__ import annotations

from tests.support.demo_declared import OFFICE, PERIOD
from tests.support.demo_records import DocumentRow, ParagraphRow

CULTURE = "Phòng Văn hóa - Xã hội"
ECONOMY = "Phòng Kinh tế, Hạ tầng và Đô thị"
COUNTER = "Trung tâm Phục vụ hành chính công"
WRITTEN_ON = "08/06/2026"

SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("MO_DAU", OFFICE, (
        "Thực hiện {vb:CV2237} và Kế hoạch cải cách hành chính năm 2026 của phường, {don_vi} tổng hợp "
        "tình hình, kết quả thực hiện công tác cải cách hành chính (CCHC) trên địa bàn như sau:",
    )),
    ("I.1", OFFICE, (
        "Ngay từ đầu năm, UBND phường xác định CCHC là nhiệm vụ thường xuyên, gắn với trách nhiệm của người đứng "
        "đầu từng bộ phận. Trong kỳ, phường đã ban hành {BM1.1} văn bản chỉ đạo, điều hành về CCHC, tập trung vào "
        "kiểm soát thủ tục hành chính, nâng cao chất lượng phục vụ tại Bộ phận Một cửa và chuyển đổi số.",
        "Nội dung CCHC được đưa vào các cuộc giao ban hằng tuần của UBND phường; những việc chậm so với kế hoạch "
        "được nêu tên bộ phận chịu trách nhiệm, thời hạn khắc phục và được theo dõi đến khi hoàn thành.",
        "Trách nhiệm theo dõi từng lĩnh vực được giao cho các Phó Chủ tịch UBND phường; Văn phòng HĐND và UBND là "
        "đầu mối tổng hợp, đôn đốc và lập báo cáo định kỳ.",
    )),
    ("I.2", OFFICE, (
        "Kế hoạch CCHC năm 2026 đề ra {BM1.2.1} nhiệm vụ, phân công rõ bộ phận chủ trì, sản phẩm và thời hạn. Đến "
        "ngày chốt số liệu, {BM1.2.2} nhiệm vụ đã hoàn thành; các nhiệm vụ còn lại có thời hạn trong những tháng "
        "cuối năm và đang được triển khai theo tiến độ.",
        "Hằng tháng, các bộ phận cập nhật tiến độ vào bảng theo dõi dùng chung để lãnh đạo UBND phường nắm được "
        "việc đã xong, việc đang làm và việc cần hỗ trợ.",
    )),
    ("I.3", OFFICE, (
        "Công tác kiểm tra CCHC được thực hiện theo kế hoạch kiểm tra của thành phố và kế hoạch tự kiểm tra của "
        "phường, dự kiến tổ chức trong quý IV. Trong kỳ báo cáo, phường chưa tiến hành cuộc tự kiểm tra nào nên "
        "chưa có vấn đề phát hiện qua kiểm tra phải xử lý.",
        "Bên cạnh đó, Trung tâm Phục vụ hành chính công tự rà soát việc niêm yết thủ tục, giờ giấc làm việc và "
        "thái độ giao tiếp tại quầy vào cuối mỗi tuần.",
    )),
    ("I.4", CULTURE, (
        "Công tác tuyên truyền được thực hiện bằng nhiều hình thức gần dân: hệ thống truyền thanh, trang thông "
        "tin điện tử của phường, sinh hoạt tổ dân phố và hướng dẫn trực tiếp tại quầy. Nội dung tập trung vào "
        "cách nộp hồ sơ, thanh toán và nhận kết quả trực tuyến.",
        "Tổ công nghệ số cộng đồng phối hợp với Đoàn Thanh niên, Hội Liên hiệp Phụ nữ hỗ trợ người cao tuổi cài "
        "đặt và sử dụng tài khoản định danh điện tử.",
        "Phường đã phát và thu {BM1.4.2} phiếu khảo sát mức độ hài lòng của người dân; ý kiến góp ý được tổng "
        "hợp, chuyển các bộ phận để điều chỉnh cách phục vụ.",
    )),
    ("I.5", OFFICE, (
        "UBND thành phố, Chủ tịch UBND thành phố giao phường {BM1.4.1} nhiệm vụ; phường đã hoàn thành đúng hạn "
        "{BM1.4.1.1} nhiệm vụ, số còn lại đang thực hiện trong thời hạn. Số nhiệm vụ hoàn thành nhưng quá hạn là "
        "{BM1.4.1.2}, số nhiệm vụ quá hạn chưa hoàn thành là {BM1.4.1.3}.",
        "Các nhiệm vụ được cập nhật trên hệ thống theo dõi của thành phố, có cảnh báo trước khi đến hạn để bộ "
        "phận chủ trì chủ động báo cáo.",
    )),
    ("II.1", OFFICE, (
        "Trong kỳ, phường ban hành {BM2.1.1} văn bản quy phạm pháp luật. Việc tham mưu văn bản hành chính bảo đảm "
        "đúng thẩm quyền, thể thức và quy trình lấy ý kiến.",
        "Công tác tự kiểm tra, rà soát và hệ thống hóa văn bản được thực hiện theo kế hoạch; các văn bản do cấp "
        "có thẩm quyền ban hành liên quan đến mô hình chính quyền địa phương 2 cấp được cập nhật, phổ biến kịp "
        "thời đến cán bộ, công chức và các tổ dân phố.",
        "Việc theo dõi tình hình thi hành pháp luật tập trung vào những lĩnh vực gần với đời sống người dân như "
        "hộ tịch, đất đai, trật tự đô thị và bảo vệ môi trường.",
    )),
    ("II.2", COUNTER, (
        "Thủ tục hành chính được công bố, công khai đầy đủ tại trụ sở Trung tâm Phục vụ hành chính công, trên "
        "trang thông tin điện tử của phường và bằng mã QR tại quầy. Danh mục, quy trình nội bộ được cập nhật ngay "
        "khi có quyết định công bố của cấp có thẩm quyền.",
        "Người dân được hướng dẫn nộp hồ sơ trực tuyến ngay tại khu vực hỗ trợ; thành phần hồ sơ được số hóa khi "
        "tiếp nhận, kết quả điện tử được trả vào kho dữ liệu của tổ chức, cá nhân.",
        "Việc cắt giảm giấy tờ đã có trong cơ sở dữ liệu quốc gia về dân cư được thực hiện nghiêm túc, không yêu "
        "cầu người dân nộp lại giấy tờ đã được chia sẻ.",
    )),
    ("II.3", OFFICE, (
        "Tổ chức bộ máy của phường tiếp tục được kiện toàn theo mô hình chính quyền địa phương 2 cấp; chức năng, "
        "nhiệm vụ của từng phòng, đơn vị được rà soát để không chồng chéo, không bỏ sót.",
        "Phường được giao {BM4.1.1} biên chế cán bộ, công chức, hiện có mặt {BM4.1.2} người; tại các đơn vị sự "
        "nghiệp công lập được giao {BM4.2.1} người làm việc, hiện có mặt {BM4.2.2} người. Việc bố trí, sử dụng "
        "căn cứ vị trí việc làm và năng lực thực tế.",
        "Quy chế làm việc của UBND phường và quy chế phối hợp giữa Trung tâm Phục vụ hành chính công với các "
        "phòng chuyên môn được thực hiện nền nếp.",
    )),
    ("II.4", CULTURE, (
        "Có {BM5.1.1} cơ quan, tổ chức hành chính và {BM5.1.2} đơn vị sự nghiệp đã được phê duyệt vị trí việc làm "
        "theo quy định. Trong kỳ, phường tuyển dụng {BM5.2.2} viên chức; quy trình công khai, đúng đối tượng và "
        "chỉ tiêu.",
        "Kỷ luật, kỷ cương hành chính được duy trì; việc đánh giá cán bộ, công chức hằng tháng gắn với khối lượng "
        "và chất lượng công việc được giao. Trong kỳ không có cán bộ, công chức, viên chức bị xử lý kỷ luật.",
        "Cán bộ, công chức được cử tham gia các lớp bồi dưỡng về chuyển đổi số, kỹ năng giao tiếp và nghiệp vụ "
        "của những lĩnh vực mới được phân cấp.",
    )),
    ("II.5", ECONOMY, (
        "Kế hoạch vốn đầu tư công được giao là {BM6.1.1} triệu đồng; đến ngày chốt số liệu đã giải ngân {BM6.1.2} "
        "triệu đồng. Phường duy trì họp rà soát từng dự án để tháo gỡ vướng mắc về mặt bằng và hồ sơ thanh toán.",
        "Các đơn vị sự nghiệp công lập thực hiện cơ chế tự chủ theo phương án được phê duyệt, xây dựng và công "
        "khai quy chế chi tiêu nội bộ, thực hành tiết kiệm, chống lãng phí.",
        "Tài sản công được theo dõi trên phần mềm, kiểm kê đúng kỳ; việc mua sắm, sửa chữa thực hiện đúng tiêu "
        "chuẩn, định mức.",
    )),
    ("II.6", COUNTER, (
        "Văn bản đi, đến của phường được xử lý, ký số trên hệ thống quản lý văn bản và điều hành, trừ văn bản "
        "mật. Mạng nội bộ, đường truyền và thiết bị tại Trung tâm Phục vụ hành chính công được kiểm tra, bảo "
        "dưỡng định kỳ.",
        "Việc cung cấp dịch vụ công trực tuyến, thanh toán trực tuyến và số hóa hồ sơ được theo dõi hằng ngày; "
        "các số liệu chi tiết nêu tại Biểu mẫu 7 kèm theo.",
        "Công tác bảo đảm an toàn thông tin được quan tâm: máy tính được cài phần mềm phòng, chống mã độc; tài "
        "khoản của công chức chuyển công tác được thu hồi ngay.",
    )),
    ("III.1", OFFICE, (
        "Công tác CCHC được triển khai đồng bộ, có trọng tâm; nhận thức và trách nhiệm của đội ngũ cán bộ, công "
        "chức chuyển biến rõ nét, nhất là tại Trung tâm Phục vụ hành chính công.",
        "Hồ sơ của người dân, tổ chức được tiếp nhận và giải quyết kịp thời; quy trình, thời hạn và trách nhiệm "
        "của từng khâu được công khai, dễ theo dõi.",
        "Ứng dụng công nghệ thông tin giúp giảm số lần đi lại, giảm giấy tờ và tạo thuận lợi cho việc giám sát "
        "của người dân.",
    )),
    ("III.2", OFFICE, (
        "Số liệu hồ sơ nằm ở nhiều hệ thống của thành phố và các bộ, ngành, chưa liên thông đầy đủ, nên công chức "
        "phải tổng hợp nhiều lần khi lập báo cáo.",
        "Một bộ phận người dân, chủ yếu là người cao tuổi, còn khó khăn khi tự nộp hồ sơ và thanh toán trực "
        "tuyến, vẫn cần công chức hỗ trợ tại quầy.",
        "Phần mềm dùng chung có thời điểm hoạt động chưa ổn định vào giờ cao điểm, ảnh hưởng đến việc tiếp nhận "
        "và phát hành biên lai điện tử.",
    )),
    ("IV.1", OFFICE, (
        "Tiếp tục thực hiện các nhiệm vụ còn lại của Kế hoạch CCHC năm 2026; gắn kết quả thực hiện với đánh giá, "
        "xếp loại của từng bộ phận và người đứng đầu.",
        "Tổ chức tự kiểm tra CCHC theo kế hoạch; duy trì chế độ báo cáo định kỳ đúng hạn, số liệu thống nhất giữa "
        "lời văn và biểu mẫu.",
    )),
    ("IV.2", OFFICE, (
        "Thực hiện tốt việc tự kiểm tra, rà soát văn bản; kịp thời kiến nghị sửa đổi, bãi bỏ những quy định không "
        "còn phù hợp với mô hình chính quyền địa phương 2 cấp.",
        "Đẩy mạnh phổ biến, giáo dục pháp luật theo nhóm đối tượng, chú trọng hình thức trực quan, ngắn gọn.",
    )),
    ("IV.3", COUNTER, (
        "Duy trì việc giải quyết hồ sơ trước hạn và đúng hạn; theo dõi hằng ngày hồ sơ sắp đến hạn, hồ sơ đang "
        "chờ người dân bổ sung giấy tờ.",
        "Tiếp tục rà soát, đề xuất đơn giản hóa thủ tục; mở rộng khai thác dữ liệu dân cư để giảm giấy tờ phải "
        "nộp.",
    )),
    ("IV.4", OFFICE, (
        "Rà soát chức năng, nhiệm vụ và quan hệ phối hợp giữa các phòng, đơn vị; bố trí đủ người cho Trung tâm "
        "Phục vụ hành chính công vào những ngày cao điểm.",
        "Thực hiện đúng các nội dung được phân cấp, phân quyền, kèm theo kiểm tra và trách nhiệm giải trình.",
    )),
    ("IV.5", CULTURE, (
        "Tiếp tục bồi dưỡng nghiệp vụ, kỹ năng số và văn hóa giao tiếp cho cán bộ, công chức, viên chức.",
        "Thực hiện đánh giá theo kết quả công việc; biểu dương cách làm hay, xử lý nghiêm trường hợp gây phiền "
        "hà.",
    )),
    ("IV.6", ECONOMY, (
        "Đẩy nhanh tiến độ giải ngân vốn đầu tư công, rà soát từng dự án theo tháng.",
        "Hướng dẫn các đơn vị sự nghiệp hoàn thiện phương án tự chủ; công khai dự toán, quyết toán theo quy định.",
    )),
    ("IV.7", COUNTER, (
        "Nâng chất lượng dịch vụ công trực tuyến theo hướng lấy người dân làm trung tâm, giảm số bước phải khai "
        "lại.",
        "Tiếp tục số hóa, làm sạch dữ liệu; phối hợp với các cơ quan của thành phố để kết nối, chia sẻ dữ liệu.",
        "Duy trì tổ công nghệ số cộng đồng, hỗ trợ người dân ngay tại tổ dân phố.",
    )),
    ("KET_LUAN", OFFICE, (
        "Trên đây là báo cáo của UBND phường Nhị Chiểu, trân trọng báo cáo UBND thành phố và Sở Nội vụ xem xét, "
        "tổng hợp./.",
    )),
)  # fmt: skip


DOCUMENTS = (
    ("CV2237", "2237/UBND-NVKTGS", "27/08/2025", "UBND thành phố Hải Phòng",
     "chế độ báo cáo cải cách hành chính định kỳ"),
)  # fmt: skip


def build_documents() -> tuple[DocumentRow, ...]:
    """Return the list of cited documents."""
    return tuple(DocumentRow(PERIOD, *document, OFFICE, WRITTEN_ON) for document in DOCUMENTS)


def build_paragraphs() -> tuple[ParagraphRow, ...]:
    """Return the paragraphs in the order of the report."""
    return tuple(
        ParagraphRow(PERIOD, section, number, text, writer, WRITTEN_ON)
        for section, writer, texts in SECTIONS
        for number, text in enumerate(texts, start=1)
    )
