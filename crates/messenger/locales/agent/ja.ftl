page-title = お問い合わせ · { $app }
answers-as = { $name } として返信します
colleague = 担当者
customer = お客様

## Signing in by API key

key-title = サインインして返信
key-text = API キーでそのアプリのお問い合わせを開けます。キーはサインアウトするかタブを閉じるまで、このタブにだけ保存されます。
key-label = API キー
key-missing = API キーを入力してください。
key-wrong = この API キーは無効です。全体がコピーされているか確認してください。
key-revoked = API キーが無効になりました。別のキーでサインインしてください。入力した内容は保存されています。
key-how = お持ちでない場合は、Thread の管理者が、お客様に表示される名前を付けて作成します：

## Lists

requests = お問い合わせ
tab-open = 対応中
tab-closed = 終了
open-empty-title = 対応中のお問い合わせはありません
open-empty-text = 新しいお問い合わせは自動的に表示されます。
closed-empty-title = 終了したお問い合わせはありません
closed-empty-text = 終了したものはここに残ります。
load-more = さらに読み込む
new-request-from = { $email } からの新しいお問い合わせ：{ $body }

## Conversation

choose-title = お問い合わせを選択
choose-text = メッセージがここに表示され、返信できます。
close = 終了にする
reopen = 再開する
closed = お問い合わせを終了にしました。
reopened = お問い合わせを再開しました。
not-changed = 変更されませんでした。
stays-closed = このお問い合わせは終了しています。こちらのメッセージでは再開されず、お客様の次のメッセージで再開されます。
