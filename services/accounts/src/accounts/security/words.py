"""The Chinese words of everything that the security log records. A test holds them against the calls that write lines."""

from typing import Final

from qingyuan_events import ActorRole

ROLES: Final[dict[ActorRole, str]] = {
    "manager": "机构管理员",
    "technician": "运维人员",
    "quality_officer": "质量管理员",
    "signatory": "签字人",
    "reviewer": "审核",
    "reader": "查阅",
    "system": "系统管理员",
    "security": "安全管理员",
    "audit": "审计管理员",
}
WORDS: Final[dict[str, str]] = {
    "logged-in": "登录",
    "logged-in-by-certificate": "用证书登录",
    "logged-in-by-wechat": "用微信登录",
    "log-in-failed": "登录失败",
    "second-step-failed": "第二步验证失败",
    "locked": "多次失败后锁定",
    "lock-released": "解除锁定",
    "second-factor-given": "签字前再次验证",
    "identity-shown-again": "更改登录方式前再次验证",
    "logged-out": "退出登录",
    "session-ended": "结束一处登录",
    "logged-out-everywhere": "结束全部登录",
    "password-changed": "修改密码",
    "account-made": "新建账户",
    "disabled": "停用账户",
    "enabled": "恢复账户",
    **{f"role-{role}": f"角色改为{word}" for role, word in ROLES.items()},
    "signs": "可以签字",
    "does-not-sign": "不再签字",
    "label-changed": "修改账户显示名称",
    "person-changed": "修改账户所属人员",
    "contact-changed": "修改联系方式",
    "organisation-renamed": "单位名称改变",
    "invited": "邀请人员开户",
    "invitation-withdrawn": "撤回邀请",
    "invitation-accepted": "接受邀请",
    "invitation-refused": "邀请码错误或已失效",
    "factor-added-totp": "添加动态口令",
    "factor-removed-totp": "移除动态口令",
    "factor-added-webauthn": "添加安全密钥",
    "factor-removed-webauthn": "移除安全密钥",
    "factors-reset": "重置两步验证",
    "recovery-codes-renewed": "更换恢复码",
    "recovery-code-used": "使用恢复码",
    "wechat-bound": "绑定微信",
    "wechat-unbound": "解除微信绑定",
    "wechat-bindings-ended": "随密码重置或停用解除全部微信绑定",
    "certificate-added": "添加证书",
    "certificate-removed": "移除证书",
    "certificates-ended": "随两步验证重置或证书丢失移除全部证书",
    "certificate-demanded": "要求用证书",
    "certificate-demand-set": "开始要求用证书登录",
    "certificate-demand-ended": "不再要求用证书登录",
    "lost-key-asked": "申请找回证书丢失的账户",
    "lost-key-code-wrong": "证书丢失的授权码错误",
    "lost-key-refused": "拒绝证书丢失申请",
    "lost-key-reviewed": "核实证书丢失申请",
    "lost-key-approved": "批准证书丢失申请",
    "lost-key-used": "凭证书丢失的授权码设置密码",
    "data-exported": "导出数据",
    "personal-data-read": "查看个人信息",
}


def word_of(what: str) -> str:
    return WORDS.get(what, what)
