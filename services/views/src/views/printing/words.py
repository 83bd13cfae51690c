"""The Chinese terms of the printed record for marks, reasons, media and kinds of photographs."""

from typing import Final

MARKS: Final = {
    "outside_fence": "超出围栏",
    "no_fix": "未取得定位",
    "no_location": "测点无坐标",
    "poor_accuracy": "定位精度低",
    "clock_skew": "手机时钟偏差",
    "received_late": "延迟收到",
    "implausible_travel": "行程存疑",
    "empty": "空（无运维记录）",
}
FILING_MARKS: Final = {
    "certificate_missing": "证书未覆盖当日",
    "not_filed_person": "人员未备案",
    "calibration_missing": "设备检定校准未覆盖当日",
    "operator_not_filed": "机构未备案",
    "operator_locked": "机构已锁定",
}
"""What filings say against a visit."""
PAPERS: Final = {
    "competence_certificate": "运维能力评定证书",
    "verification": "检定证书",
    "calibration": "校准证书",
}
CERTIFICATE: Final = PAPERS["competence_certificate"]
CALIBRATION: Final = "检定或校准证书"
REASONS: Final = {
    "safety": "安全管理要求",
    "secrecy": "保密管理要求",
    "signal": "现场无信号",
    "other": "其他",
}
MEDIA: Final = {"wastewater": "废水", "flue_gas": "废气"}
PHOTO_OF: Final = {"sign_in": "签到", "sign_out": "签退", "obstruction": "阻挠"}

FACTORS = {
    "password": "登录密码",
    "totp": "验证器动态码",
    "webauthn": "安全密钥",
    "certificate": "数字证书（法人一证通）",
}
