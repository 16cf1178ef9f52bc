page-title = פניות · { $app }
answers-as = המענה שלך בשם { $name }
colleague = מישהו מהצוות
customer = לקוח

## Signing in by API key

key-title = התחברות כדי לענות
key-text = מפתח API פותח את הפניות של היישום שלו. הוא נשאר בכרטיסייה הזו עד להתנתקות או לסגירתה.
key-label = מפתח API
key-missing = נא להזין מפתח API.
key-wrong = מפתח ה־API הזה אינו תקף. נא לבדוק שהועתק במלואו.
key-revoked = מפתח ה־API שלך אינו תקף עוד. נא להתחבר עם מפתח אחר: מה שהקלדת נשמר.
key-how = אין לך מפתח? מי שמפעיל את Thread יוצר אחד, עם השם שהלקוחות רואים:

## Lists

requests = פניות
tab-open = פתוחות
tab-closed = סגורות
open-empty-title = אין פניות פתוחות
open-empty-text = פניות חדשות מופיעות כאן מעצמן.
closed-empty-title = אין פניות סגורות
closed-empty-text = מה שייסגר יישמר כאן.
load-more = טעינת עוד
new-request-from = פנייה חדשה מאת { $email }: { $body }

## Conversation

choose-title = נא לבחור פנייה
choose-text = ההודעות שלה יופיעו כאן, ואפשר יהיה לענות.
close = סגירת הפנייה
reopen = פתיחה מחדש
closed = הפנייה סגורה.
reopened = הפנייה פתוחה שוב.
not-changed = דבר לא השתנה.
stays-closed = הפנייה הזו סגורה. ההודעה שלך לא תפתח אותה מחדש; ההודעה הבאה של הלקוח כן.
