package main

func drawFire(width int) *canvas { return newCanvas(width, width*3/4) }
