import "./pulse/prelude";
import "../core";
