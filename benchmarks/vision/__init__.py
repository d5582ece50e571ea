"""How well and how fast pictures are seen: shots, faces, time and memory, beside PySceneDetect."""
