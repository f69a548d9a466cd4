# Modules before the sandbox, a supervised assessment, expiry at the ends of releases, and a delta module when a release
# changes a lot. Times are those of Tokyo, where a day begins nine hours before it does in UTC.

== Ida takes the modules too far apart, then the assessment unsupervised ==
2027-01-05        ida  secure-coding done                        sandbox-access -> withheld training-not-completed of data-handling
2027-01-06        ida  technical-assessment 95 proctoring=live   app-security -> withheld prerequisite-not-held
2027-07-06        ida  data-handling done                        sandbox-access -> withheld too-old of secure-coding
2027-07-07        ida  secure-coding done                        sandbox-access -> awarded until ever

== Jo is certified, and takes the delta module in time ==
2027-02-01 08:30  jo   secure-coding done                        sandbox-access -> withheld training-not-completed
2027-02-01 08:40  jo   data-handling done                        sandbox-access -> awarded until ever
2027-02-08        jo   technical-assessment 95                   app-security -> withheld proctoring-missing of technical-assessment need live
2027-02-09        jo   technical-assessment 95 proctoring=self                   app-security -> withheld proctoring-too-weak of technical-assessment have self need live
2027-03-02        jo   technical-assessment 79 proctoring=live   app-security -> withheld below-pass-mark attempt 2 of 2 attempts-used-up
2027-03-03        jo   grant attempt technical-assessment        app-security -> granted
2027-03-04 08:00  jo   technical-assessment 80 proctoring=live   app-security -> awarded until 2028-04-30
2027-11-02 09:00  clock
2027-11-02 23:00  jo   delta-module done                         app-security -> recorded until 2028-04-30 ...
2027-12-18 00:00  jo   state                                     app-security -> valid until 2028-04-30
2028-01-30 23:30  jo   delta-module done                         app-security -> recorded until 2028-04-30 ...
2028-01-31 00:30  jo   delta-module done                         app-security -> renewed until 2029-04-30
2028-01-31        jo   page                                      app-security -> same awarded 2027-03-04

== Kim forgets the module, and makes up for it in grace ==
2027-03-01        kim  secure-coding done                        sandbox-access -> withheld training-not-completed
2027-03-01        kim  data-handling done                        sandbox-access -> awarded until ever
2027-03-02        kim  technical-assessment 88 proctoring=live   app-security -> awarded until 2028-04-30
2027-11-02 10:00  kim  notices                                   app-security -> told asked
2027-11-17        clock
2027-12-10        clock
2027-12-17        clock
2027-12-17        kim  notices                                   app-security -> told asked-30d asked-7d asked-0d
2027-12-17 23:59  kim  state                                     app-security -> valid until 2028-04-30
2027-12-18 00:00  kim  state                                     app-security -> expired since 2027-12-17 grace-until 2027-12-31
2027-12-18 09:00  clock
2027-12-18 09:01  kim  notices                                   app-security -> told missed expired
2027-12-18 10:00  kim  state                                     app-security -> expired since 2027-12-17 grace-until 2027-12-31
2027-12-31 23:30  kim  delta-module done                         app-security -> reinstated until 2028-04-30
2027-12-31 23:31  kim  state                                     app-security -> valid until 2028-04-30
2027-12-31 23:31  kim  page                                      app-security -> same awarded 2027-03-02
2027-12-31 23:31  kim  state at=2027-12-20                       app-security -> expired since 2027-12-17

== Lou forgets it for too long: the whole assessment again, at the same address ==
2027-03-01        lou  secure-coding done                        sandbox-access -> withheld training-not-completed
2027-03-01        lou  data-handling done                        sandbox-access -> awarded until ever
2027-03-03        lou  technical-assessment 88 proctoring=live   app-security -> awarded until 2028-04-30
2028-01-01 00:30  lou  delta-module done                         app-security -> withheld exam-not-passed of technical-assessment
2028-01-01 00:31  lou  state                                     app-security -> expired since 2027-12-17
2028-01-01 09:00  clock
2028-01-01 09:01  lou  notices                                   app-security -> told asked asked-30d asked-7d asked-0d missed expired lapsed
2028-01-10        lou  technical-assessment 85 proctoring=live   app-security -> renewed until 2029-04-30
2028-01-10        lou  page                                      app-security -> same awarded 2028-01-10

== Max was certified after the date and is not asked; who is certified on the last day of a release gets just a year ==
2027-10-01        max  secure-coding done                        sandbox-access -> withheld training-not-completed
2027-10-01        max  data-handling done                        sandbox-access -> awarded until ever
2027-10-31        max  technical-assessment 99 proctoring=live   app-security -> awarded until 2028-10-31
2027-12-20        max  notices                                   app-security -> told
2027-12-20        max  state                                     app-security -> valid until 2028-10-31

== The old platform: not open yet, open to the last evening, closed; what is held runs out ==
2027-01-31 23:30  mo   legacy-exam 69                            legacy-review -> withheld not-open-yet below-pass-mark
2027-02-01 00:30  mo   legacy-exam 90                            legacy-review -> awarded until 2028-02-01
2027-06-30 23:30  nia  legacy-exam 88                            legacy-review -> awarded until 2028-06-30
2027-07-01 00:30  ole  legacy-exam 95                            legacy-review -> withheld closed
2027-07-02        ole  legacy-exam 95 at=2027-06-30T17:00        legacy-review -> awarded until 2028-06-30
2027-12-01        mo   legacy-exam 92                            legacy-review -> recorded until 2028-02-01 ...
2028-02-02        mo   state                                     legacy-review -> expired since 2028-02-01
