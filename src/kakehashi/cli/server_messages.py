"""What the verbs of the server say to people."""

from __future__ import annotations

from typing import Final

SERVING: Final = "架け橋は {address} で動いています / Kakehashi is serving at {address}"
STOPPED: Final = "終了しました / stopped"
FIRST_START: Final = (
    "管理者を作成しました。このパスワードは一度だけ表示されます / "
    "an administrator was made; this password is shown once\n"
    "  ログイン / login:      {login}\n"
    "  パスワード / password: {password}"
)
NO_MEMBER: Final = "there is no member with this login"
NO_MEMBER_HINT: Final = "'kakehashi key create --member LOGIN' names another"
KEY_MADE: Final = "{name} の鍵です。一度だけ表示されます / the key of {name}, shown once: {secret}"
NO_KEYS: Final = "鍵はありません / there are no keys"
KEY_REVOKED: Final = "{name} ({prefix}…) は使えなくなりました / revoked"
NO_KEY: Final = "there is no such key that works"
NO_KEY_HINT: Final = "'kakehashi key list' shows the keys"
EXPIRES: Final = "expires {when}"
REVOKED: Final = "revoked {when}"
LAST_USED: Final = "last used {when}"
NEVER_USED: Final = "never used"

SERVER: Final = "{address}, {kind}"
TABLES_LATER: Final = "its tables will be made or brought up to date by the next 'kakehashi serve'"
DATABASE: Final = "whole; {members} member(s); every counter is what the ledger says"
COUNTERS_WRONG: Final = "{count} counter(s) are not what the ledger says"
COUNTERS_WRONG_HINT: Final = "'kakehashi ledger rebuild' makes them anew"

DAYS_HEAD: Final = "day           requests      read   written  characters          yen"
DAY: Final = (
    "{day:%Y-%m-%d}  {requests:>10,} {read:>9,} {written:>9,} {characters:>11,} {yen:>12,.2f}"
)
EXPORTED: Final = "{count:,} 件を書き出しました / entries written: {path}"
REBUILT: Final = "作り直した集計 / counters made anew: {count}"
REALLY_ANONYMISE: Final = (
    "利用者とキーの記録を消します。元に戻せません / "
    "members and keys will be taken out of these entries, for good. Go on?"
)
ANONYMISED: Final = "匿名化した記録 / entries anonymised: {count:,}"
PRICE_SET: Final = "{model} の料金を設定しました / price set"
ALL_MODELS: Final = "すべてのモデル / all models"
LIMIT_SET: Final = "上限を設定しました / limit set: {amount:,} {measure} per {window}"
MIX: Final = "{model}: {requests:,} requests, {tokens:,.0f} tokens and {yen:,.4f} yen each"
PLAN: Final = (
    "月 {budget:,} 円・{members:,} 人・{days} 日 → 一人一日 {ours:,} 件"
    "（元のモデルのトークン数では {theirs:,} 件）\n"
    "{budget:,} yen a month for {members:,} people on {days} days: {ours:,} requests for each and "
    "day ({theirs:,} with the predecessor's token counts)"
)
PLAN_APPLIED: Final = "上限として設定しました / set as limits"
NO_ORGANISATION: Final = "there is no such organisation"
SEVERAL_ORGANISATIONS: Final = "there are several organisations"
ORGANISATION_HINT: Final = "name one with --organisation"

INVITED: Final = (
    "招待コード（{days} 日間有効・一度だけ表示）/ code, for {days} days, shown once: {code}"
)
PAUSED: Final = "{name} を停止しました / paused"
RESUMED: Final = "{name} を再開しました / resumed"
PAUSED_SINCE: Final = "停止中 / paused since {when}"
