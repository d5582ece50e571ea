"use strict";
(function () {
  var video = document.getElementById("film");
  var player = document.getElementById("player");

  function seek(time) {
    if (!video) return;
    video.currentTime = time;
    var playing = video.play();
    if (playing && playing.catch) playing.catch(function () {});
  }

  function copy(button) {
    var source = document.getElementById(button.dataset.copy);
    if (!source) return;
    var text = source.textContent;
    var label = button.textContent;
    function done(ok) {
      button.textContent = ok ? "Copied" : "Press Ctrl+C";
      window.setTimeout(function () { button.textContent = label; }, 1600);
    }
    function bySelection() {
      var range = document.createRange();
      range.selectNodeContents(source);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      var ok = false;
      try { ok = document.execCommand("copy"); } catch (error) { ok = false; }
      if (ok) selection.removeAllRanges();
      done(ok);
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { done(true); }, bySelection);
    } else {
      bySelection();
    }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button) { copy(button); return; }
    if (!video) return;
    var place = event.target.closest("[data-t]");
    if (place) { seek(parseFloat(place.dataset.t)); return; }
    var bar = event.target.closest("#film-bar");
    if (bar) {
      var box = bar.getBoundingClientRect();
      seek((event.clientX - box.left) / box.width * parseFloat(bar.dataset.length));
    }
  });

  var showCut = document.getElementById("show-cut");
  if (showCut) {
    showCut.addEventListener("change", function () {
      document.getElementById("words").classList.toggle("clean", !showCut.checked);
    });
  }

  if (!video) return;

  function absent() {
    video.hidden = true;
    document.getElementById("absent").hidden = false;
  }
  if (video.error) absent();
  video.addEventListener("error", absent);

  // A page opened from the disk may not read the caption file beside it: the page carries them too.
  var track = video.querySelector("track");
  var data = document.getElementById("captions-data");
  if (track && data) {
    var embedded = function () {
      var own = video.addTextTrack("captions", "Captions", track.srclang);
      JSON.parse(data.textContent).forEach(function (cue) {
        own.addCue(new VTTCue(parseFloat(cue[0]), parseFloat(cue[1]), cue[2]));
      });
      track.remove();
      own.mode = "showing";
    };
    if (track.readyState === 3) embedded();
    else track.addEventListener("error", embedded);
  }

  var words = Array.prototype.slice.call(document.querySelectorAll("#words .w[data-t]"));
  words = words.map(function (word) { return [parseFloat(word.dataset.t), word]; });
  words.sort(function (a, b) { return a[0] - b[0]; });
  var bar = document.getElementById("film-bar");
  var playhead = document.getElementById("playhead");
  var said = null;

  function wordAt(time) {
    var low = 0, high = words.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (words[middle][0] <= time + 0.02) low = middle + 1; else high = middle;
    }
    return low ? words[low - 1][1] : null;
  }

  function follow() {
    var time = video.currentTime;
    if (playhead && bar) {
      var share = Math.min(100, 100 * time / parseFloat(bar.dataset.length)) + "%";
      playhead.setAttribute("x1", share);
      playhead.setAttribute("x2", share);
    }
    var word = wordAt(time);
    if (word !== said) {
      if (said) said.classList.remove("now");
      if (word) word.classList.add("now");
      said = word;
    }
    if (!video.paused) window.requestAnimationFrame(follow);
  }
  video.addEventListener("play", follow);
  video.addEventListener("seeked", follow);

  // While it plays out of sight, the film stays in a corner.
  var away = false;
  function dock() { player.classList.toggle("docked", away && !video.paused); }
  if (window.IntersectionObserver) {
    new IntersectionObserver(function (entries) {
      away = !entries[0].isIntersecting;
      dock();
    }).observe(player);
    video.addEventListener("play", dock);
    video.addEventListener("pause", dock);
  }
})();
