# Licences for regulated devices: two tracks, 85 % and thirty days, orders only with a current licence, sixty days after a
# change of the regulation. Times are those of London, whose clocks go back in the last night of the sixty days.

== Kit fails by one point and waits thirty days; the other track is another matter ==
2027-01-04        kit  course done                               sales-licence -> withheld exam-not-passed of exam
2027-01-05 09:00  kit  exam 84                                   sales-licence -> withheld below-pass-mark of exam have 84 need 85 attempt 1 next 2027-02-04
2027-01-06        kit  workshop done minutes=900                 technical-licence -> withheld too-few-hours of workshop exam-not-passed of exam
2027-01-07        kit  workshop done minutes=60                  technical-licence -> withheld exam-not-passed of exam
2027-01-08        kit  exam 90                                   technical-licence -> withheld proctoring-missing of exam need live
2027-01-09        kit  declaration passed evidence=1             controlled-goods -> withheld prerequisite-not-held
2027-02-03 23:59  kit  exam 99                                   sales-licence -> withheld too-early of exam next 2027-02-04
2027-02-04 00:00  kit  exam 84.9                                 sales-licence -> withheld below-pass-mark have 84.9 attempt 2 next 2027-03-06
2027-03-06        kit  exam failed                               sales-licence -> withheld exam-not-passed attempt 3 next 2027-04-05
2027-04-05        kit  exam 85                                   sales-licence -> awarded until 2028-04-05
2027-04-05 12:01  kit  state                                     controlled-goods -> valid until ever
2027-04-05 12:01  kit  state                                     technical-licence -> none

== A change of the regulation: Kit is in time, by the last second of the sixtieth day ==
2027-09-01 09:00  clock
2027-09-02        kit  state                                     sales-licence -> valid until 2028-04-05
2027-10-21        clock
2027-10-21        kit  notices                                   sales-licence -> told asked asked-10d
2027-10-31 23:30  kit  regulatory-update done                    sales-licence -> recorded until 2028-04-05 ...
2027-11-01        kit  state                                     sales-licence -> valid until 2028-04-05
2027-11-01        kit  notices                                   sales-licence -> told met

== Liv is late, within grace: her licence rests in between, and blocks her orders ==
2027-02-01        liv  course done                               sales-licence -> withheld exam-not-passed
2027-02-02        liv  exam 95                                   sales-licence -> awarded until 2028-02-02
2027-10-31 23:59  liv  state                                     sales-licence -> valid until 2028-02-02
2027-11-01 00:00  liv  state                                     sales-licence -> expired since 2027-10-31 grace-until 2027-11-10
2027-11-01 09:00  clock
2027-11-02        liv  declaration passed evidence=1             controlled-goods -> withheld prerequisite-not-held
2027-11-10 23:30  liv  regulatory-update done                    sales-licence -> reinstated until 2028-02-02
2027-11-10 23:31  liv  state                                     sales-licence -> valid until 2028-02-02
2027-11-10 23:31  liv  page                                      sales-licence -> same awarded 2027-02-02

== Moe never does it: the whole path, not the update ==
2027-02-01        moe  course done                               sales-licence -> withheld exam-not-passed
2027-02-02        moe  exam 95                                   sales-licence -> awarded until 2028-02-02
2027-11-11        moe  regulatory-update done                    sales-licence -> withheld training-not-completed of course exam-not-passed of exam
2027-11-12        moe  course done                               sales-licence -> withheld exam-not-passed of exam
2027-11-13        moe  exam 85                                   sales-licence -> renewed until 2028-11-13
2027-11-13        moe  page                                      sales-licence -> same awarded 2027-11-13

== Ned's update was in time and is only reported when he has expired already ==
2027-02-01        ned  course done                               sales-licence -> withheld exam-not-passed
2027-02-02        ned  exam 95                                   sales-licence -> awarded until 2028-02-02
2027-11-05        ned  state                                     sales-licence -> expired since 2027-10-31 grace-until 2027-11-10
2027-11-20        ned  regulatory-update done at=2027-10-15      sales-licence -> reinstated until 2028-02-02
2027-11-20 12:01  ned  state                                     sales-licence -> valid until 2028-02-02

== An expired licence blocks orders, renewal counts from the old end, and a failure does not end what is held ==
2027-12-01        oz   course done                               sales-licence -> withheld exam-not-passed
2027-12-31        oz   exam 90                                   sales-licence -> awarded until 2028-12-31
2028-10-31        oz   exam 99                                   sales-licence -> recorded until 2028-12-31 ...
2028-11-02        oz   exam 80                                   sales-licence -> recorded until 2028-12-31 ...
2028-11-02        clock
2028-11-02        oz   notices                                   sales-licence -> told 60d
2028-12-01        oz   exam 95                                   sales-licence -> recorded until 2028-12-31 ...
2028-12-02        oz   exam 95                                   sales-licence -> renewed until 2029-12-31
2030-01-05        oz   declaration passed evidence=1             controlled-goods -> withheld prerequisite-not-held
2030-01-06        oz   state                                     sales-licence -> expired since 2029-12-31 grace-until 2030-01-10
2030-01-11        oz   state                                     sales-licence -> expired since 2029-12-31
