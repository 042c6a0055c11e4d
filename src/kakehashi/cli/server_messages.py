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
COUNTERS_WRONG_HINT: Final = (
    "normal while requests are running; else 'kakehashi ledger rebuild' makes them anew"
)
