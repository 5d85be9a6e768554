package main

func drawWaves(width int) *canvas { return newCanvas(width, width*3/4) }
