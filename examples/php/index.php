<?php
// The smallest real portal: a login, and pages with the messenger in them.
declare(strict_types=1);

require_once __DIR__ . '/connection_key.php';

// A demo's users and passwords. A real portal keeps password hashes (password_hash, password_verify).
const USERS = [
    'ann@example.com' => 'demo-lantern-42',
    'ann+test@example.com' => 'demo-harvest-17',
    "o'neil@example.com" => 'demo-copper-58',
    'zoë@example.com' => 'demo-meadow-23',
];

function setting(string $name, ?string $default = null): string
{
    $value = getenv($name);
    return $value !== false ? $value : $default ?? throw new RuntimeException("$name is not set");
}

$secret = Chatgenie\cleanSecret(setting('CHATGENIE_SECRET'));
$appId = setting('CHATGENIE_APP_ID');
$widgetUrl = setting('THREAD_URL', 'http://127.0.0.1:8080') . '/widget.js';

session_start(['name' => 'portal', 'cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
$email = $_SESSION['email'] ?? null;
$refused = false;
// The pages hold a key, so nothing between here and the user may keep them.
header('Cache-Control: no-store');

function redirect(string $path): never
{
    header("Location: $path", true, 303);
    exit;
}

switch ($_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case 'POST /login':
        $typed = (string) ($_POST['email'] ?? '');
        if (hash_equals(USERS[$typed] ?? '', (string) ($_POST['password'] ?? '')) && isset(USERS[$typed])) {
            session_regenerate_id(true);
            $_SESSION['email'] = $typed;
            redirect('/home');
        }
        http_response_code(401);
        $refused = true;
        require __DIR__ . '/login.php';
        break;
    case 'POST /logout':
        session_destroy();
        redirect('/');
    case 'GET /':
        $email === null ? require __DIR__ . '/login.php' : redirect('/home');
        break;
    case 'GET /home':
        $email ?? redirect('/');
        $connectionKey = Chatgenie\connectionKey($secret, $email);
        $messenger = __DIR__ . '/messenger.php';
        require __DIR__ . '/home.php';
        break;
    case 'GET /home-v2':
        $email ?? redirect('/');
        $messenger = __DIR__ . '/messenger_v2.php';
        require __DIR__ . '/home.php';
        break;
    case 'GET /connection-key':
        // The email is the one of the portal's own session. From a request, it would let anybody be anybody.
        header('Content-Type: text/plain; charset=utf-8');
        if ($email === null) {
            http_response_code(401);
            break;
        }
        echo Chatgenie\shortLivedKey($secret, $appId, $email);
        break;
    default:
        http_response_code(404);
        echo 'There is no such page.';
}
