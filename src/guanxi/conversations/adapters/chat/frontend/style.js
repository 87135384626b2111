// The look of the widget, as text for an adopted style sheet: no inline style, which a strict policy of the host refuses.
export const STYLE = `
:host { all: initial; --surface:#fff; --text:#16211f; --soft:#55635f; --line:#d5dedb; --sunken:#eef2f2; --bad:#a32117;
  --accent:var(--colour); --link:var(--light-link); color-scheme:light;
  font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans SC",sans-serif; }
:host([data-theme=dark]) { --surface:#16201e; --text:#e6efed; --soft:#a5b5b1; --line:#33443f; --sunken:#22302c; --bad:#ff9a8c;
  --link:var(--dark-link); color-scheme:dark; }
* { box-sizing:border-box; }
[hidden] { display:none !important; }
button,input,textarea { font:inherit; color:inherit; margin:0; }
button { cursor:pointer; }
:focus-visible { outline:3px solid var(--link); outline-offset:2px; }
.launch { position:fixed; bottom:20px; right:20px; z-index:2147483000; width:56px; height:56px; border:0; border-radius:50%;
  background:var(--accent); color:#fff; display:grid; place-items:center; box-shadow:0 4px 16px rgb(0 0 0/28%); }
.launch svg { width:28px; height:28px; }
.left .launch, .left .panel { right:auto; left:20px; }
.count { position:absolute; top:-4px; right:-4px; min-width:22px; height:22px; padding:0 6px; border-radius:11px; background:#a32117;
  color:#fff; font-size:12px; font-weight:700; line-height:22px; text-align:center; }
.panel { position:fixed; bottom:88px; right:20px; z-index:2147483000; width:376px; height:min(620px,calc(100vh - 108px));
  display:flex; flex-direction:column; background:var(--surface); color:var(--text); border-radius:14px; overflow:hidden;
  box-shadow:0 0 0 1px var(--line),0 12px 40px rgb(0 0 0/26%); }
.inline .panel { position:static; width:100%; max-width:376px; height:480px; box-shadow:0 0 0 1px var(--line); }
.inline .launch { position:static; margin-top:12px; }
header { display:flex; align-items:center; gap:8px; padding:12px 8px 12px 16px; background:var(--accent); color:#fff; }
header div { flex:1; min-width:0; }
h2 { margin:0; font-size:16px; font-weight:650; overflow-wrap:anywhere; }
header p { margin:1px 0 0; font-size:13px; }
header button { width:40px; height:40px; flex:none; border:0; border-radius:8px; background:none; color:#fff; display:grid; place-items:center; }
header button:hover { background:rgb(255 255 255/16%); }
header :focus-visible { outline-color:#fff; }
header svg,.tools svg { width:22px; height:22px; }
.menu { position:absolute; top:58px; right:8px; z-index:2; padding:6px; background:var(--surface); border-radius:10px;
  box-shadow:0 0 0 1px var(--line),0 8px 24px rgb(0 0 0/22%); }
.menu button { display:block; width:100%; min-height:40px; padding:8px 12px; border:0; border-radius:6px; background:none; text-align:start; }
.menu button:hover { background:var(--sunken); }
.bar { padding:8px 16px; background:var(--sunken); font-size:13px; }
.bar.bad { color:var(--bad); }
.bar button { border:0; background:none; color:var(--link); font-weight:600; padding:4px 8px; text-decoration:underline; }
.log { flex:1; overflow-y:auto; overscroll-behavior:contain; padding:16px; display:flex; flex-direction:column; gap:4px; }
.log.over { outline:3px dashed var(--link); outline-offset:-8px; }
.day { align-self:center; margin:8px 0; font-size:12px; color:var(--soft); }
.log > .text { align-self:flex-start; max-width:84%; }
.one { max-width:84%; display:flex; flex-direction:column; align-self:flex-start; margin-top:8px; }
.one.mine { align-self:flex-end; align-items:flex-end; }
.who { font-size:12px; color:var(--soft); margin:0 4px 2px; }
.text { padding:8px 12px; border-radius:14px 14px 14px 4px; background:var(--sunken); white-space:pre-wrap; overflow-wrap:anywhere; }
.mine .text { background:var(--accent); color:#fff; border-radius:14px 14px 4px 14px; }
.text a { color:inherit; }
.mark { min-height:16px; margin:2px 4px 0; font-size:12px; color:var(--soft); }
.mark.bad { color:var(--bad); }
.mark button { border:0; background:none; color:var(--link); text-decoration:underline; padding:4px; font-size:12px; }
.file { display:flex; flex-direction:column; max-width:100%; margin-top:4px; padding:8px 12px; border-radius:10px; background:var(--surface);
  box-shadow:inset 0 0 0 1px var(--line); color:var(--link); overflow-wrap:anywhere; }
.file img { display:block; max-width:100%; max-height:220px; border-radius:6px; }
.typing { min-height:22px; padding:0 20px; font-size:13px; color:var(--soft); }
form { border-top:1px solid var(--line); padding:8px; }
.ask { display:grid; gap:8px; padding:4px 4px 8px; }
.ask label { display:grid; gap:2px; font-size:13px; color:var(--soft); }
.ask input,textarea { width:100%; padding:9px 12px; border:1px solid var(--line); border-radius:10px; background:var(--surface); color:var(--text); font-size:16px; }
.wrong { color:var(--bad); font-size:13px; margin:0; padding:0 4px 6px; }
.write { display:flex; align-items:flex-end; gap:4px; }
textarea { flex:1; resize:none; min-height:44px; max-height:140px; }
textarea:focus-visible,.ask input:focus-visible { outline-width:2px; outline-offset:-1px; }
textarea::placeholder { color:var(--soft); opacity:1; }
.tools { flex:none; width:44px; height:44px; border:0; border-radius:10px; background:none; color:var(--soft); display:grid; place-items:center; }
.tools:hover { background:var(--sunken); }
.tools.go { background:var(--accent); color:#fff; }
.tools[aria-disabled=true] { opacity:.55; }
.unseen { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); white-space:nowrap; }
@media (max-width:480px) {
  .panel { inset:0; width:auto; height:auto; border-radius:0; }
  .left .panel { left:0; right:0; }
  .is-open .launch { display:none; }
  .inline .panel { inset:auto; height:440px; }
}
@media (prefers-reduced-motion:no-preference) { .panel { animation:rise .16s ease-out; } .inline .panel { animation:none; } @keyframes rise { from { transform:translateY(12px); opacity:0; } } }
@media print { :host { display:none !important; } }
@media (forced-colors:active) { .launch,.text,.tools.go,header { border:1px solid CanvasText; } }
`;
