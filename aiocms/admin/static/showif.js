/* Conditional fields. The server gives each of them its condition as a tree (data-if) and says which are off
 * now; this file evaluates the same tree by the rules of admin/forms/showif.py whenever something is typed. */
const NUMBERS = new Set(["int32", "int64", "double", "decimal"]);
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

export function typed(kind, text) {
  if (NUMBERS.has(kind)) return NUMBER.test(text.trim()) ? Number(text.trim()) : null;
  if (kind === "bool") return text === "true";
  if (kind === "date") return text.length === 16 && text[10] === "T" ? `${text}:00` : text;
  if (kind === "null" || kind === "undefined") return null;
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

export function isTrue(value) {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

export function evaluate(tree, get) {
  return isTrue(valueOf(tree, get));
}

function valueOf([sign, ...parts], get) {
  switch (sign) {
    case "lit":
      return parts[0];
    case "get":
      return get(parts[0], parts[1]);
    case "not":
      return !evaluate(parts[0], get);
    case "and":
      return parts.every((part) => evaluate(part, get));
    case "or":
      return parts.some((part) => evaluate(part, get));
    case "in":
      return isIn(valueOf(parts[0], get), valueOf(parts[1], get));
    default:
      return compare(sign, valueOf(parts[0], get), valueOf(parts[1], get));
  }
}

function isIn(one, many) {
  if (Array.isArray(many)) return many.some((other) => isEqual(one, other));
  return typeof one === "string" && typeof many === "string" && many.includes(one);
}

function isEqual(one, other) {
  return !Array.isArray(one) && one === other;
}

function compare(sign, one, other) {
  if (sign === "==" || sign === "!=") return isEqual(one, other) === (sign === "==");
  if (typeof one !== typeof other || (typeof one !== "number" && typeof one !== "string")) return false;
  if (Number.isNaN(one) || Number.isNaN(other)) return false;
  const order = typeof one === "number" ? Math.sign(one - other) || 0 : orderOf(one, other);
  const same = typeof one === "number" ? one === other : order === 0;
  if (sign === "<") return order < 0 && !same;
  if (sign === "<=") return order < 0 || same;
  return sign === ">" ? order > 0 && !same : order > 0 || same;
}

/* By code points, as the server orders texts; JavaScript's own order is by halves of them. */
function orderOf(one, other) {
  const left = [...one], right = [...other];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const step = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (step) return step;
  }
  return left.length - right.length;
}

/* The value of the part with this name, as it is typed now; null when it is not there. */
export function read(form, name) {
  const quoted = CSS.escape(name);
  const part = form.querySelector(`[data-part="${quoted}"][data-kind]`);
  if (!part) return null;
  const { kind } = part.dataset;
  if (kind === "object" || kind === "array") {
    const own = part.querySelector(`[name="${quoted}"]`);
    if (own) return own.value !== "";
  }
  if (kind === "array") {
    const items = [...part.querySelectorAll("[data-items] > [data-item]")].filter((item) => item.parentElement.closest("[data-part]") === part);
    return items.filter((item) => !item.querySelector(`[name="${CSS.escape(item.dataset.item)}~x"]`)).map((item) => read(form, item.dataset.item));
  }
  if (kind === "object") return form.querySelector(`[data-part^="${quoted}-"][data-kind]`) !== null;
  if (kind === "list") return [...part.querySelectorAll(":checked")].map((one) => one.value);
  if (kind === "bool") return part.querySelector(`input[type=checkbox][name="${quoted}"]`)?.checked ?? false;
  const inputs = part.querySelectorAll(`[name="${quoted}"]`);
  const input = inputs[0]?.type === "radio" ? [...inputs].find((one) => one.checked) : inputs[inputs.length - 1];
  return input ? typed(kind, input.value) : null;
}

export function escapeKey(key) {
  if (!key) return "..";
  const label = [...key].map((one) => (/[A-Za-z0-9_]/.test(one) ? one : `.${one.codePointAt(0).toString(16)}.`)).join("");
  return label[0] === "_" || label === "csrf_token" ? `.${label.codePointAt(0).toString(16)}.${label.slice(1)}` : label;
}

export function apply(form) {
  for (const field of form.querySelectorAll("[data-if]")) {
    const base = field.dataset.ifBase ? [field.dataset.ifBase] : [];
    const get = (root, parts) => read(form, [...(root ? [] : base), ...parts.map(escapeKey)].join("-"));
    const off = !evaluate(JSON.parse(field.dataset.if), get);
    if (off !== field.hasAttribute("data-off")) field.toggleAttribute("data-off", off);
  }
}

function start(root) {
  const forms = root.matches?.("form[data-edit]") ? [root] : [...(root.querySelectorAll?.("form[data-edit]") ?? [])];
  const around = root.closest?.("form[data-edit]");
  for (const form of around ? [around, ...forms] : forms) {
    if (!form.dataset.conditions) {
      form.dataset.conditions = "1";
      for (const kind of ["input", "change"]) form.addEventListener(kind, () => apply(form));
    }
    apply(form);
  }
}

if (window.aiocms?.onContent) window.aiocms.onContent(start);
else start(document);
