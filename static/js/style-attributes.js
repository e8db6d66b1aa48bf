// Plotly sets some styles with setAttribute("style", …), which a strict content security policy
// refuses. The same text through the style object is allowed, so send it that way.
"use strict";

const setAttributeAsPublished = Element.prototype.setAttribute;
Element.prototype.setAttribute = function setAttribute(name, value) {
  if (String(name).toLowerCase() === "style" && this.style) this.style.cssText = value;
  else setAttributeAsPublished.call(this, name, value);
};
