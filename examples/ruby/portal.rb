# The smallest real portal: a login, and pages with the messenger in them.
require 'rack/utils'
require 'sinatra/base'
require_relative 'connection_key'

class Portal < Sinatra::Base
  # A demo's users and passwords. A real portal keeps password hashes.
  USERS = {
    'ann@example.com' => 'demo-lantern-42',
    'ann+test@example.com' => 'demo-harvest-17',
    "o'neil@example.com" => 'demo-copper-58',
    'zoë@example.com' => 'demo-meadow-23'
  }.freeze

  set :secret, ConnectionKey.clean_secret(ENV.fetch('CHATGENIE_SECRET'))
  set :app_id, ENV.fetch('CHATGENIE_APP_ID')
  set :widget_url, "#{ENV.fetch('THREAD_URL', 'http://127.0.0.1:8080')}/widget.js"
  set :bind, '127.0.0.1'
  set :port, ENV.fetch('PORT', '8090')
  set :server, 'webrick'
  set :environment, :production
  set :views, __dir__
  enable :sessions # Signed by a secret of Sinatra's own making, another one at each start.
  set :sessions, key: 'portal', httponly: true, same_site: :lax

  helpers do
    # HTML escaping. For values in a script there is ConnectionKey.script_value.
    def h(text) = Rack::Utils.escape_html(text)

    def page(email, key)
      erb :home, locals: { email: email, key: key }
    end
  end

  # The pages hold a key, so nothing between here and the user may keep them.
  before { cache_control :no_store }

  get '/' do
    redirect '/home', 303 if session[:email]
    erb :login, locals: { refused: false }
  end

  post '/login' do
    expected = USERS[params['email']]
    unless expected && Rack::Utils.secure_compare(expected, params['password'].to_s)
      halt 401, erb(:login, locals: { refused: true })
    end
    session.clear
    session[:email] = params['email']
    redirect '/home', 303
  end

  post '/logout' do
    session.clear
    redirect '/', 303
  end

  get '/home' do
    email = session[:email] or redirect('/', 303)
    page(email, ConnectionKey.key(settings.secret, email))
  end

  get '/home-v2' do
    email = session[:email] or redirect('/', 303)
    # Without a key in it: the page asks for one whenever it needs one, so one that stays open never holds an old one.
    page(email, nil)
  end

  get '/connection-key' do
    # The email is the one of the portal's own session. From a request, it would let anybody be anybody.
    email = session[:email] or halt(401)
    content_type 'text/plain'
    ConnectionKey.short_lived(settings.secret, settings.app_id, email)
  end

  run! if __FILE__ == $PROGRAM_NAME
end
