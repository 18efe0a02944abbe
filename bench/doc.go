// Package bench has the words of the measuring side: what is measured (Workload), on what (Subject), and what came out
// (Measurement, Report). The packages below it do the work:
//
//	generator  speaks to a server as many clients at once and counts what comes back
//	bystander  measures how long a server has no time for those in another room
//	abuse      does to a server what a nuisance may do within its limits
//	crowd      is as many clients as several processes hold
//	guest      brings one client in, and match finds an answer in what it gets
//	machine    tells of the computer and of what a process uses
//	peer       knows the languages of line servers, and how to start those that others wrote
//	rival      is the same chat on other models of concurrency
//	report     makes tables, plots and comparisons of saved results
//
// Nothing here knows the server's packages but codec: it is measured from outside, as any other.
package bench
