## The panel

support = サポート
close = 閉じる
back = お問い合わせ一覧に戻る
connecting = 接続しています…
signing-in-again = 再度サインインしています… 入力内容は保持されます。
try-again = 再試行
reconnecting = 接続がありません。再接続しています…
reconnect-now = 今すぐ再試行
loading = 読み込んでいます…
signed-in-as = { $email } でサインイン中
signed-out-title = サインアウトしました
signed-out-text = お問い合わせを続けるには、ウェブサイトで再度サインインしてください。
visitor-title = サインインしてください
visitor-text = { $app } に問い合わせるには、元のウェブサイトでサインインしてから、この画面を開き直してください。
unknown-app-title = ここではサポートをご利用いただけません
unknown-app-text = このページに設定されているサポート窓口は存在しません。ウェブサイトの運営者にお知らせください。

## Requests

requests-title = お問い合わせ
new-request = 新しいお問い合わせ
new-request-title = どのようなご用件ですか？
new-request-hint = ご質問や問題の内容をお書きください。回答はこの画面に届きます。
unread = 新着
status-open = 対応中
status-closed = 終了

## Conversation

conversation = やり取り
composer-label = メッセージ
composer-placeholder = メッセージを入力…
composer-disabled = サインインし直すと送信できます。
send = メッセージを送信
you = あなた
sending = 送信しています…
sent = 送信済み
not-sent = 送信できませんでした。
seen = 既読
new-messages = 新着メッセージ
reopens = このお問い合わせは終了しています。新しいメッセージを送ると再開します。
announcement = { $app }: { $body }
characters-remaining = 残り { $count } 文字
characters-too-many = { $count } 文字超過しています。メッセージを短くしてください。
typing = { $name } が入力しています…
away = ただいま不在にしております。メッセージをお送りいただければ、後ほど返信します。

## What went wrong

failure-network = 接続できませんでした。接続をご確認ください。
failure-timeout = 応答に時間がかかりすぎました。接続をご確認ください。
failure-unreadable = 応答を読み取れませんでした。しばらくしてからもう一度お試しください。
failure-rate-limited = 操作が続いたため、少しお待ちください。
failure-session-ended = サインインの有効期限が切れました。
failure-not-found = このお問い合わせはもうありません。
failure-too-large = メッセージが長すぎます。
failure-not-accepted = メッセージを受け付けられませんでした。
failure-internal = こちらで問題が発生しました。しばらくしてからもう一度お試しください。

## Signing in by email and code

signin-title = メールアドレスでサインイン
signin-email-label = メールアドレス
signin-email-invalid = 有効なメールアドレスを入力してください。
signin-continue = 続ける
signin-code-title = コードを入力してください
signin-code-sent = { $email } にコードを送信しました。
signin-code-label = 6桁のコード
signin-code-wrong = コードが正しくないか、有効期限が切れています。
signin-send-again = 再送信
signin-send-again-in = { $seconds } 秒後に再送信できます
signin-other-address = 別のアドレスを使う
signin-text = 6桁のコードをお送りします。パスワードは不要です。
signin-sending-code = コードを送信しています…
signin-submit = サインイン
signin-submitting = サインインしています…
signin-sent-again = 新しいコードをお送りしました。以前のコードは無効です。
signin-code-malformed = コードは6桁です。メールをもう一度ご確認ください。
signin-signed-out = サインアウトしました。
signin-expired = サインインの有効期限が切れました。もう一度サインインしてください。入力した内容は保存されています。
office-hours = 営業時間：
sign-out = サインアウト

## Files, sound

waits = 未送信です。オンラインに戻ると送信されます。
attach = ファイルを添付
drop-files = ここにファイルをドロップ
attached-files = 添付ファイル
remove-file = { $name } を削除
uploading = { $name } をアップロード中
upload-failed = アップロードできませんでした。
file-too-large = サイズが大きすぎます。1 ファイルの上限は { $size } です。
file-type = この種類のファイルは添付できません。
file-empty = このファイルは空です。
files-too-many = 1 通のメッセージに添付できるファイルは { $count } 個までです。
download = { $name } をダウンロード
sound-on = サウンドをオンにする
sound-off = サウンドをオフにする
