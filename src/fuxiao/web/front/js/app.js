// The behaviour of every page. Each part works on what the server sent; pages read and post without any of it.
import { startBoard } from "./board.js";
import { startClocks } from "./clocks.js";
import { startCopying } from "./copying.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startMenus } from "./menus.js";
import { startPalette } from "./palette.js";
import { startPasskeys } from "./passkeys.js";
import { startPrinting } from "./printing.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toasts.js";
import { startUploads } from "./uploads.js";

startTheme();
startMenus();
startPalette();
startKeys();
startToasts();
startUploads();
startLive();
startPasskeys();
startCopying();
startPrinting();
startBoard();
startClocks();
