// What the page says before the engine speaks, in the words of crates/messenger/locales: a test compares them.
// Each: title, while it loads, where it could not be loaded, and the button beside that.
export default {
  en: ['Support', 'Connecting…', 'Support could not be loaded. Check your connection.', 'Try again'],
  es: ['Soporte', 'Conectando…', 'No se pudo cargar el soporte. Compruebe su conexión.', 'Reintentar'],
  fr: ['Assistance', 'Connexion…', 'L’assistance n’a pas pu être chargée. Vérifiez votre connexion.', 'Réessayer'],
  de: ['Support', 'Verbindung wird hergestellt…', 'Der Support konnte nicht geladen werden. Prüfen Sie Ihre Verbindung.', 'Erneut versuchen'],
  'pt-BR': ['Suporte', 'Conectando…', 'Não foi possível carregar o suporte. Verifique sua conexão.', 'Tentar novamente'],
  ar: ['الدعم', 'جارٍ الاتصال…', 'تعذّر تحميل الدعم. تحقّق من اتصالك.', 'إعادة المحاولة'],
  he: ['תמיכה', 'מתחברים…', 'לא ניתן לטעון את התמיכה. יש לבדוק את החיבור.', 'ניסיון חוזר'],
  ja: ['サポート', '接続しています…', 'サポートを読み込めませんでした。接続をご確認ください。', '再試行'],
};
