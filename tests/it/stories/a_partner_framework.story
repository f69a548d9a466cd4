# The partner framework: three levels a track, pass marks 70, 75 and 80 (technical associates 75), three, two and one
# attempts with 7, 14 and 30 days between them, thirty days of grace, a streamlined path until the ninetieth day, and
# notices 60, 30 and 7 days before the end. The program is the one that ships. Times are those of Berlin.

== Ana fails once, comes back too early, passes, and renews before her time is over ==
2027-03-01 09:00  ana  sales-101 done                            sales-associate -> withheld exam-not-passed of exam
2027-03-02 10:00  ana  exam 68                                   sales-associate -> withheld below-pass-mark of exam have 68 need 70 attempt 1 of 3 next 2027-03-09
2027-03-02 10:01  ana  why                                       sales-associate -> unmet below-pass-mark
2027-03-05 10:00  ana  exam 91                                   sales-associate -> withheld too-early of exam next 2027-03-09
2027-03-09 09:00  ana  exam 82                                   sales-associate -> awarded until 2028-03-09
2027-03-09 09:05  ana  page                                      sales-associate -> same awarded 2027-03-09 version 1
2027-12-09 23:30  ana  annual-update done                        sales-associate -> recorded until 2028-03-09 ...
2027-12-10 00:10  ana  annual-update done                        sales-associate -> renewed until 2029-03-09
2027-12-10 00:15  ana  page                                      sales-associate -> same awarded 2027-03-09 version 2
2028-01-10        ana  notices                                   sales-associate -> told

== Ben needs a fourth attempt, lets it run out, and renews on the last evening of grace ==
2027-03-02 23:00  ben  sales-101 done                            sales-associate -> withheld exam-not-passed
2027-03-03 00:30  ben  exam 60                                   sales-associate -> withheld below-pass-mark attempt 1 of 3 next 2027-03-10
2027-03-09 23:59  ben  exam 88                                   sales-associate -> withheld too-early next 2027-03-10
2027-03-10 00:30  ben  exam 69.5                                 sales-associate -> withheld below-pass-mark have 69.5 attempt 2 of 3 next 2027-03-17
2027-03-17        ben  exam failed                               sales-associate -> withheld exam-not-passed attempt 3 of 3 attempts-used-up
2027-03-18        ben  solution-selling done                     sales-professional -> withheld prerequisite-not-held exam-not-passed of exam review-not-passed of won-opportunity
2027-03-30        ben  exam 95                                   sales-associate -> withheld attempts-used-up of exam
2027-04-01        ben  grant attempt exam                        sales-associate -> granted
2027-04-02        ben  exam 77                                   sales-associate -> awarded until 2028-04-02
2028-02-02        clock
2028-02-02        ben  notices                                   sales-associate -> told 60d
2028-03-03        clock
2028-03-26        clock
2028-03-26        ben  notices                                   sales-associate -> told 30d 7d
2028-04-02 23:59  ben  state                                     sales-associate -> valid until 2028-04-02
2028-04-03 00:00  ben  state                                     sales-associate -> expired since 2028-04-02 grace-until 2028-05-02
2028-04-03        clock
2028-04-03        ben  notices                                   sales-associate -> told expired
2028-05-02 23:30  ben  annual-update done                        sales-associate -> renewed until 2029-05-02
2028-05-02 23:31  ben  page                                      sales-associate -> same awarded 2027-04-02
2028-05-04        clock
2028-05-04        ben  notices                                   sales-associate -> told

== Carla is late: after grace only the exam helps, and it keeps her date ==
2027-05-01        carla  sales-101 done                          sales-associate -> withheld exam-not-passed
2027-05-03        carla  exam 75                                 sales-associate -> awarded until 2028-05-03
2028-06-02 23:59  carla  state                                   sales-associate -> expired since 2028-05-03 grace-until 2028-06-02
2028-06-03        carla  state                                   sales-associate -> expired since 2028-05-03
2028-06-10        carla  annual-update done                      sales-associate -> withheld until 2028-05-03 exam-not-passed of exam
2028-06-11        carla  exam 69                                 sales-associate -> withheld until 2028-05-03 below-pass-mark of exam attempt 1 of 3 next 2028-06-18
2028-06-18        carla  exam 71                                 sales-associate -> renewed until 2029-06-18
2028-06-18        carla  page                                    sales-associate -> same awarded 2027-05-03

== Dora lapses for good: the full path again, at the same address ==
2027-05-01        dora  sales-101 done                           sales-associate -> withheld exam-not-passed
2027-05-03        dora  exam 75                                  sales-associate -> awarded until 2028-05-03
2028-03-04        clock
2028-04-03        clock
2028-04-26        clock
2028-05-04        clock
2028-06-03        clock
2028-08-01 23:59  dora  state                                    sales-associate -> expired since 2028-05-03
2028-08-02        clock
2028-08-02        dora  notices                                  sales-associate -> told 60d 30d 7d expired grace-ended lapsed
2028-08-05        dora  sales-101 done                           sales-associate -> withheld exam-not-passed of exam
2028-08-06        dora  exam 74                                  sales-associate -> renewed until 2029-08-06
2028-08-06        dora  page                                     sales-associate -> same awarded 2028-08-06

== Eve begins again before the last path has closed; what she shows since the expiry counts ==
2027-05-01        eve  sales-101 done                            sales-associate -> withheld exam-not-passed
2027-05-03        eve  exam 75                                   sales-associate -> awarded until 2028-05-03
2028-07-01        eve  sales-101 done                            sales-associate -> withheld until 2028-05-03 ...
2028-08-02 00:30  eve  exam 80                                   sales-associate -> renewed until 2029-08-02
2028-08-02 00:31  eve  page                                      sales-associate -> same awarded 2028-08-02

== A technical associate needs 75 ==
2027-06-01        fin  technical-fundamentals done               technical-associate -> withheld exam-not-passed
2027-06-02        fin  exam 74                                   technical-associate -> withheld below-pass-mark have 74 need 75 attempt 1 of 3 next 2027-06-09
2027-06-09        fin  exam 75                                   technical-associate -> awarded until 2028-06-09

== Tom takes the exam before the training; Noa's training is reported late; Oli's failure is reported after his award ==
2027-04-01        tom  exam 80                                   sales-associate -> withheld training-not-completed of sales-101 out-of-order of exam
2027-04-02        tom  sales-101 done                            sales-associate -> withheld out-of-order of exam
2027-04-08        tom  exam 81                                   sales-associate -> awarded until 2028-04-08
2027-04-12        noa  exam 85 at=2027-04-10T10:00               sales-associate -> withheld training-not-completed of sales-101 out-of-order of exam
2027-04-20        noa  sales-101 done at=2027-04-01T10:00        sales-associate -> awarded until 2028-04-10
2027-05-09        oli  sales-101 done at=2027-05-01              sales-associate -> withheld exam-not-passed
2027-05-10        oli  exam 90                                   sales-associate -> awarded until 2028-05-10
2027-05-11        oli  exam 60 at=2027-05-08                     sales-associate -> recorded until 2028-05-10 ...
2027-05-11        oli  state                                     sales-associate -> valid until 2028-05-10
2027-05-12        pat  exam 90                                   sales-associate -> withheld training-not-completed out-of-order
2027-05-13        pat  exam 60 at=2027-05-10                     sales-associate -> withheld training-not-completed ...
2027-05-14        pat  sales-101 done at=2027-05-01              sales-associate -> withheld too-early of exam next 2027-05-17
2027-05-17        pat  exam 70                                   sales-associate -> awarded until 2028-05-17

== Tom fails before his window, and passes no sooner than he may; Noa's update was in time and is heard of in grace ==
2028-01-08 23:30  tom  exam 60                                   sales-associate -> recorded until 2028-04-08 ...
2028-01-10        tom  exam 60                                   sales-associate -> recorded until 2028-04-08 too-early of exam next 2028-01-15 ...
2028-01-14 23:30  tom  exam 90                                   sales-associate -> recorded until 2028-04-08 too-early of exam next 2028-01-15 ...
2028-01-15 00:30  tom  exam 90                                   sales-associate -> renewed until 2029-04-08
2028-04-20        noa  state                                     sales-associate -> expired since 2028-04-10 grace-until 2028-05-10
2028-04-20        noa  annual-update done at=2028-04-05          sales-associate -> renewed until 2029-04-10
2028-04-20        noa  page                                      sales-associate -> same awarded 2027-04-10 version 2

== Ulf's results are reported when an award on them would be over ==
2028-03-01        ulf   sales-101 done at=2027-02-01             sales-associate -> withheld exam-not-passed
2028-03-01        ulf   exam 90 at=2027-02-02                    sales-associate -> withheld already-expired
2028-03-02        ulf   exam 90                                  sales-associate -> awarded until 2029-03-02

== Wim took the streamlined path in time; we hear of it when it has closed ==
2027-05-01        wim   sales-101 done                           sales-associate -> withheld exam-not-passed
2027-05-03        wim   exam 75                                  sales-associate -> awarded until 2028-05-03
2028-08-10        wim   state                                    sales-associate -> expired since 2028-05-03
2028-08-10        wim   exam 80 at=2028-07-15T18:00              sales-associate -> renewed until 2029-07-15
2028-08-10        wim   page                                     sales-associate -> same awarded 2027-05-03 version 2

== A clock that is eight minutes fast ==
2027-05-19        vera  sales-101 done                           sales-associate -> withheld exam-not-passed
2027-05-20 12:00  vera  exam 90 at=2027-05-20T12:08              sales-associate -> withheld in-the-future exam-not-passed
2027-05-20 12:00  vera  exam 91 at=2027-05-20T12:15              sales-associate -> refused invalid-value
2027-05-20 12:08  vera  why                                      sales-associate -> unmet in-the-future exam-not-passed
2027-05-20 12:10  vera  solution-selling done                    sales-professional -> withheld prerequisite-not-held exam-not-passed review-not-passed
2027-05-21        vera  sales-101 done                           sales-associate -> awarded until 2028-05-20

== Mia's training is waived: from that day on her exam is enough ==
2027-04-05        mia  exam 80                                   sales-associate -> withheld training-not-completed out-of-order
2027-04-06        mia  waive sales-101                           sales-associate -> awarded until 2028-04-06
2027-04-06        mia  page                                      sales-associate -> same awarded 2027-04-06

== The last night of a year, and a leap day ==
2027-12-30        quin  sales-101 done                           sales-associate -> withheld exam-not-passed
2028-01-01 00:30  quin  exam 88                                  sales-associate -> awarded until 2029-01-01
2028-02-28        lea   sales-101 done                           sales-associate -> withheld exam-not-passed
2028-02-29 23:30  lea   exam 88                                  sales-associate -> awarded until 2029-02-28
2029-02-28 23:30  lea   annual-update done                       sales-associate -> renewed until 2030-02-28

== Ana becomes a professional: supervised, and reviewed by the right person ==
2027-06-01        ana  solution-selling done                     sales-professional -> withheld exam-not-passed of exam review-not-passed of won-opportunity
2027-06-02        ana  exam 80                                   sales-professional -> withheld proctoring-missing of exam need live review-not-passed of won-opportunity
2027-06-16        ana  exam 79 proctoring=live                   sales-professional -> withheld review-not-passed of won-opportunity
2027-06-20        ana  won-opportunity 82 by=peer rubric qualification=70,value=65,plan=80      sales-professional -> withheld wrong-reviewer of won-opportunity
2027-07-04        ana  won-opportunity 82 by=assessor rubric qualification=70,value=65,plan=80  sales-professional -> awarded until 2028-07-04

== In Rea's review a criterion was left out ==
2027-06-05        rea  won-opportunity 82 by=assessor rubric qualification=70,value=60          sales-professional -> withheld prerequisite-not-held training-not-completed exam-not-passed rubric-incomplete of won-opportunity

== Kai's review falls short in one criterion; he tries again after fourteen days ==
2027-06-01        kai  sales-101 done                            sales-associate -> withheld exam-not-passed
2027-06-02        kai  exam 90                                   sales-associate -> awarded until 2028-06-02
2027-06-03        kai  solution-selling done                     sales-professional -> withheld exam-not-passed review-not-passed
2027-06-04        kai  exam 75 proctoring=in-person              sales-professional -> withheld review-not-passed
2027-06-05        kai  won-opportunity 82 by=assessor rubric qualification=70,value=55,plan=80  sales-professional -> withheld below-rubric of won-opportunity have 55 need 60
2027-06-19        kai  won-opportunity 82 by=assessor rubric qualification=70,value=60,plan=80  sales-professional -> awarded until 2028-06-19

== An expert has one attempt, and every year something to show ==
2027-09-01        ana  strategic-accounts done                   sales-expert -> withheld evidence-not-accepted of account-plans exam-not-passed of exam review-not-passed of panel
2027-09-05        ana  account-plans passed evidence=2           sales-expert -> withheld too-few of account-plans have 2 need 3 exam-not-passed of exam review-not-passed of panel
2027-09-10        ana  exam 79 proctoring=in-person              sales-expert -> withheld below-pass-mark of exam attempt 1 of 1 attempts-used-up of exam too-few review-not-passed
2027-09-12        ana  grant attempt exam                        sales-expert -> granted
2027-09-13        ana  exam 84 proctoring=in-person              sales-expert -> withheld too-few of account-plans review-not-passed of panel
2027-09-20        ana  account-plans passed evidence=1           sales-expert -> withheld review-not-passed of panel
2027-09-21        ana  panel 80 by=assessor                      sales-expert -> awarded until 2029-09-21
2028-09-21 23:59  ana  state                                     sales-expert -> valid until 2029-09-21
2028-10-10        ana  annual-update done                        sales-expert -> recorded until 2029-09-21 ...
2028-10-22        ana  state                                     sales-expert -> valid until 2029-09-21

== Kai shows nothing, is suspended, mends it late, and gets a little more time ==
2027-10-01        kai  strategic-accounts done                   sales-expert -> withheld evidence-not-accepted exam-not-passed review-not-passed
2027-10-02        kai  account-plans passed evidence=3           sales-expert -> withheld exam-not-passed review-not-passed
2027-10-03        kai  exam 80 proctoring=in-person              sales-expert -> withheld review-not-passed
2027-10-04        kai  panel 75 by=assessor                      sales-expert -> awarded until 2029-10-04
2028-11-03 23:59  kai  state                                     sales-expert -> valid until 2029-10-04
2028-11-04 00:00  kai  state                                     sales-expert -> suspended since 2028-11-04
2028-11-04 09:00  clock
2028-11-20        kai  annual-update done                        sales-expert -> reinstated until 2029-10-04
2028-11-20 12:01  kai  state                                     sales-expert -> valid until 2029-10-04
2028-11-20 12:01  kai  page                                      sales-expert -> same awarded 2027-10-04
2028-12-01        kai  extend until 2029-12-31                   sales-expert -> extended until 2029-12-31
2028-12-02        kai  state                                     sales-expert -> valid until 2029-12-31

== What people decide: suspended, reinstated, revoked ==
2027-07-01        rob  sales-101 done                            sales-associate -> withheld exam-not-passed
2027-07-02        rob  exam 90                                   sales-associate -> awarded until 2028-07-02
2027-07-05        rob  suspend other                             sales-associate -> suspended until 2028-07-02
2027-07-06        rob  state                                     sales-associate -> suspended since 2027-07-05
2027-07-07        rob  solution-selling done                     sales-professional -> withheld prerequisite-not-held exam-not-passed review-not-passed
2027-07-10        rob  reinstate                                 sales-associate -> valid until 2028-07-02
2027-07-11        rob  state at=2027-07-06                       sales-associate -> suspended since 2027-07-05
2027-07-20        rob  revoke requirements-not-met               sales-associate -> revoked until 2028-07-02
2027-07-21        rob  reinstate                                 sales-associate -> refused invalid-state
2028-05-01        rob  exam 99                                   sales-associate -> withheld until 2028-07-02 revoked
2028-05-01        rob  state                                     sales-associate -> revoked since 2027-07-20

== What was issued in error can be earned anew, under another number ==
2027-07-01        sam  sales-101 done                            sales-associate -> withheld exam-not-passed
2027-07-02        sam  exam 90                                   sales-associate -> awarded until 2028-07-02
2027-07-03        sam  revoke issued-in-error                    sales-associate -> revoked until 2028-07-02
2027-07-04        sam  sales-101 done                            sales-associate -> withheld exam-not-passed of exam
2027-07-12        sam  exam 88                                   sales-associate -> awarded until 2028-07-12
2027-07-12        sam  page                                      sales-associate -> other awarded 2027-07-12
