/** Every word of the patient's page: plain, polite, one fact a line. No diagnosis, no grade, no abbreviation. */

export const zh = {
  title: "视频会诊",
  other: "English",
  help: "有困难请打",
  call: "打电话",
  check: "先试一下手机",
  checkText: "手机会问您能不能用话筒和摄像头，请点“允许”。",
  mic: "说句话试试",
  micOk: "能听到您的声音",
  micQuiet: "对着手机说句话，绿条会动",
  micNo: "话筒没打开",
  camera: "看得到自己吗",
  cameraOk: "画面好了",
  cameraNo: "摄像头没打开",
  speaker: "听得到声音吗",
  speakerText: "点这里放一段",
  speakerPlayed: "没听到？把音量调大，再点一次",
  network: "网络",
  networkWait: "正在试",
  networkGood: "网络不错",
  networkSlow: "网络还行，画面可能不太清楚，声音没问题",
  networkNo: "连不上医院，请换个地方或换个网络再试",
  again: "再试一次",
  asking: "正在打开",
  enter: "进入",
  enterNoCamera: "不开摄像头，先进去",
  enterListen: "没有话筒，先进去听",
  why: {
    insecure: "网址不是安全的 https，手机不让用话筒。请用短信里的链接打开",
    "in-app-wechat": "在微信里点右上角“…”，选“在浏览器打开”，再点允许",
    "in-app": "点右上角菜单，选“在浏览器打开”，再点允许",
    "denied-ios": "到“设置 → Safari → 相机、麦克风”里选允许，再试一次",
    "denied-android": "点网址左边的小锁，把话筒和摄像头改成允许，再试一次",
    "denied-desk": "点网址左边的图标，把话筒和摄像头改成允许，再试一次",
    busy: "别的程序正在用，请先关掉打电话、视频的程序",
    missing: "这台手机上没有找到",
    "old-browser": "这个浏览器太旧，请换一个浏览器打开",
    failed: "打不开，请再试一次",
  },
  connecting: "正在连接医院",
  waiting: "请稍等",
  waitHere: "医生到了，马上请您进去",
  waitNotHere: "医生还没到，请您别走开",
  waitLate: "医生晚到 {n} 分钟，请您别走开",
  waitWhen: "约好的时间：{when}",
  waitTip: "请别锁屏，到您时会响铃。不用下载软件，不收费。",
  doctor: "{name}医生",
  leave: "离开",
  mute: "静音",
  unmute: "打开话筒",
  cameraOff: "关画面",
  cameraOn: "开画面",
  onlySound: "只用声音",
  withPicture: "要画面",
  chat: "文字",
  chatNew: "文字 {n} 条新的",
  chatTitle: "医生写给您的话",
  chatNone: "还没有文字",
  chatWrite: "写给医生",
  send: "发送",
  sending: "正在发送",
  unsent: "还没发出去，连上了会自动发",
  back: "回到画面",
  me: "我",
  you: "您",
  clear: "画面清楚",
  fair: "画面稍卡，声音没问题",
  poor: "网络慢，先保住声音",
  audioOnly: "网络慢，现在只有声音",
  noPicture: "对方没开摄像头",
  away: "医生的线路断了，正在重新接通，请别挂断",
  alone: "医生暂时离开了，请别挂断",
  restoring: "正在重新接通 {n} 秒，请别挂断",
  blocked: "您的网络不让视频通过。请换成手机流量，或打电话给医院",
  muted: "{name} 把您的话筒关了，想说话请点“打开话筒”",
  mutedCamera: "{name} 把您的画面关了",
  hear: "点一下，打开声音",
  recording: "正在录制",
  consentTitle: "可以录下来吗？",
  consentText: "医生想把这次会诊录下来，只给看病的医生用。您可以不同意，不影响看病；同意了也随时可以停。",
  yes: "同意录制",
  no: "不同意",
  stop: "不要再录了",
  looking: "{n} 位医务人员在旁听学习",
  endClass: "不要旁听了",
  left: "您已离开",
  leftText: "会诊还没有结束。想回去，点下面。",
  comeBack: "回去",
  ended: "看完了",
  endedText: "医生会把意见发给您的卫生院，卫生院会告诉您接下来怎么做。",
  removed: "主持的医生请您先离开",
  removedText: "有疑问请打电话。",
  replaced: "您在另一个手机或窗口里打开了",
  replacedText: "想在这里继续，点下面。",
  cancelled: "这次会诊取消了",
  cancelledText: "卫生院会和您重新约时间。",
  arranging: "专家一时接不通",
  arrangingText: "医院正在另外安排。请别走开，医生会告诉您。",
  closed: "这次会诊已经结束",
  "link-over": "链接过了时间",
  "link-overText": "请医生再发一次。",
  early: "还没到时间",
  earlyText: "{when} 开始，快到时就可以进去。页面开着，会自动进去。",
  refused: "这个链接打不开",
  refusedText: "请医生再发一次，或者打电话。",
} as const;

type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
export type Text = Shape<typeof zh>;

const REMEMBERED = "lutong.language";

export function language(): "zh-CN" | "en" {
  try {
    return sessionStorage.getItem(REMEMBERED) === "en" ? "en" : "zh-CN";
  } catch {
    // A browser may keep nothing for us.
    return "zh-CN";
  }
}

export function remember(chosen: "zh-CN" | "en"): void {
  try {
    sessionStorage.setItem(REMEMBERED, chosen);
  } catch {
    // Then it holds until the page is closed only.
  }
}

/** English is a file of its own, fetched only by whoever asks for it; without it Chinese stays. */
export async function textOf(of: "zh-CN" | "en"): Promise<Text> {
  if (of !== "en") return zh;
  const answer = await fetch(new URL("./english.json?no-inline", import.meta.url));
  return answer.ok ? ((await answer.json()) as Text) : zh;
}

/** Puts values in the places of a text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_place, name: string) => String(values[name] ?? ""));
}
