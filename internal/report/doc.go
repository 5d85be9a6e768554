// Package report shows what folders of finished runs hold: one HTML file that opens
// from disk without a network, and contact sheets.
//
// [Read] reads the folders, [Report.WriteHTML] writes the page.
//
// The report claims nothing that it did not measure. Every number in it links to
// the manifest that it was read from; those are printed in its appendix.
//
// Runs whose names share all but the last part are shown together. If they are of
// the same pictures and differ in parameters only, they are a [Sweep] and are
// compared with a reference: see [Report.Sweeps].
//
// Time and memory grow as the number of runs. Of more than 100 the page has a table, of
// which a browser lays out what is looked at; without scripts it is whole.
package report
