<script>
var chatgenieParams = {
appId: <?= Chatgenie\scriptValue($appId) ?>,
connectionType: "messenger_auth",
connectionEmail: <?= Chatgenie\scriptValue($email) ?>,
connectionKey: <?= Chatgenie\scriptValue($connectionKey) ?>

};
function run(ch){ch.default.messenger().initialize(chatgenieParams);}!function(){var e=window.chatgenie;if(e)run(e);else{function t(){var t=document.createElement("script");t.type="text/javascript",t.async=true,t.readyState?t.onreadystatechange=function(){"loaded"!==t.readyState&&"complete"!==t.readyState||(t.onreadystatechange=null,window.chatgenie&&(e=window.chatgenie,run(e)))}:t.onload=function(){window.chatgenie&&(e=window.chatgenie,run(e))},t.src=<?= Chatgenie\scriptValue($widgetUrl) ?>;var n=document.getElementsByTagName("script")[0];n.parentNode.insertBefore(t,n)}window.attachEvent?window.attachEvent("onload",t):window.addEventListener("load",t,!1)}}();
</script>
