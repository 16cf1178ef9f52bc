## The panel

support = תמיכה
close = סגירה
back = חזרה לכל הפניות
connecting = מתחברים…
signing-in-again = מחדשים את ההתחברות… מה שכתבת נשמר כאן.
try-again = ניסיון חוזר
reconnecting = אין חיבור. מנסים להתחבר מחדש…
reconnect-now = ניסיון עכשיו
loading = טוענים…
signed-in-as = החשבון: { $email }
signed-out-title = ההתחברות הסתיימה
signed-out-text = יש להתחבר שוב באתר כדי להמשיך בפניות שלך.
visitor-title = יש להתחבר
visitor-text = כדי לכתוב אל { $app }, יש להתחבר באתר שממנו הגעת ואז לפתוח שוב את החלון הזה.
unknown-app-title = התמיכה אינה זמינה כאן
unknown-app-text = הדף הזה מפנה למוקד תמיכה שאינו קיים. נא לעדכן את מפעילי האתר.

## Requests

requests-title = הפניות שלך
new-request = פנייה חדשה
new-request-title = איך נוכל לעזור?
new-request-hint = אפשר לתאר כאן שאלה או בעיה. התשובה תגיע ישירות לכאן.
unread = חדש
status-open = פתוחה
status-closed = סגורה

## Conversation

conversation = שיחה
composer-label = ההודעה שלך
composer-placeholder = כתיבת הודעה…
composer-disabled = אפשר יהיה לשלוח מיד לאחר ההתחברות מחדש.
send = שליחת ההודעה
you = את/ה
sending = שולחים…
sent = נשלחה
not-sent = לא נשלחה.
seen = נקראה
new-messages = הודעות חדשות
reopens = הפנייה הזו סגורה. הודעה חדשה תפתח אותה מחדש.
announcement = { $app }: { $body }
characters-remaining =
    { $count ->
        [one] נותר תו אחד
        [two] נותרו שני תווים
       *[other] נותרו { $count } תווים
    }
characters-too-many =
    { $count ->
        [one] יש תו אחד עודף. נא לקצר את ההודעה.
        [two] יש שני תווים עודפים. נא לקצר את ההודעה.
       *[other] יש { $count } תווים עודפים. נא לקצר את ההודעה.
    }
typing = { $name }: הקלדה…
away = אנחנו לא זמינים כרגע. אפשר להשאיר הודעה ונחזור אליך.

## What went wrong

failure-network = לא הצלחנו להתחבר. יש לבדוק את החיבור.
failure-timeout = התשובה התעכבה יותר מדי. יש לבדוק את החיבור.
failure-unreadable = קיבלנו תשובה לא מובנת. נא לנסות שוב בעוד רגע.
failure-rate-limited = היו יותר מדי פעולות בבת אחת. נא להמתין רגע.
failure-session-ended = תוקף ההתחברות שלך פג.
failure-not-found = הפנייה הזו כבר לא קיימת.
failure-too-large = ההודעה ארוכה מדי.
failure-not-accepted = ההודעה לא התקבלה.
failure-internal = משהו השתבש אצלנו. נא לנסות שוב בעוד רגע.

## Signing in by email and code

signin-title = התחברות באמצעות דוא״ל
signin-email-label = כתובת דוא״ל
signin-email-invalid = נא להזין כתובת דוא״ל תקינה.
signin-continue = המשך
signin-code-title = הזנת הקוד
signin-code-sent = שלחנו קוד אל { $email }.
signin-code-label = קוד בן 6 ספרות
signin-code-wrong = הקוד שגוי או שתוקפו פג.
signin-send-again = שליחה חוזרת
signin-send-again-in = שליחה חוזרת בעוד { $seconds } שנ׳
signin-other-address = שימוש בכתובת אחרת
signin-text = נשלח אליך קוד בן שש ספרות. אין צורך בסיסמה.
signin-sending-code = הקוד נשלח…
signin-submit = כניסה
signin-submitting = מתבצעת כניסה…
signin-sent-again = קוד חדש בדרך. הקוד הקודם אינו תקף עוד.
signin-code-malformed = הקוד מכיל שש ספרות. יש לבדוק שוב את ההודעה.
signin-signed-out = יצאת מהחשבון.
signin-expired = הכניסה פגה. יש להיכנס שוב: מה שהוקלד נשמר.
office-hours = שעות פעילות:
sign-out = התנתקות

## Files, sound

waits = עדיין לא נשלח. ההודעה תישלח כשהחיבור יחזור.
attach = צירוף קבצים
drop-files = שחררו את הקבצים כאן
attached-files = קבצים מצורפים
remove-file = הסרת { $name }
uploading = מעלה את { $name }
upload-failed = הקובץ לא הועלה.
file-too-large = הקובץ גדול מדי. גודל קובץ יכול להיות עד { $size }.
file-type = אי אפשר לצרף קבצים מסוג זה.
file-empty = הקובץ ריק.
files-too-many =
    { $count ->
        [one] אפשר לצרף להודעה קובץ אחד.
        [two] אפשר לצרף להודעה שני קבצים לכל היותר.
       *[other] אפשר לצרף להודעה עד { $count } קבצים.
    }
download = הורדת { $name }
sound-on = הפעלת צליל
sound-off = כיבוי צליל
