# A portfolio of three reviewed implementations, and a health score every quarter, under which remediation starts. Times are
# those of Sydney, where summer is in January.

== Gus builds his portfolio ==
2027-01-05        gus  course done                               consultant -> withheld exam-not-passed of exam
2027-01-06 08:00  gus  exam 70                                   consultant -> awarded until 2028-01-06
2027-01-10        gus  implementation 82 piece=client-7 by=assessor rubric scope=90,adoption=80 implementation-lead -> withheld too-few of implementation have 1 need 3
2027-01-15        gus  implementation 82 piece=client-8 by=assessor rubric scope=90,adoption=59 implementation-lead -> withheld too-few of implementation have 1 need 3 ...
2027-01-20        gus  implementation 69 piece=client-9 by=assessor rubric scope=90,adoption=80 implementation-lead -> withheld too-few of implementation have 1 need 3 ...
2027-01-21        gus  implementation 90 piece=client-10 by=peer rubric scope=90,adoption=80     implementation-lead -> withheld too-few of implementation have 1 need 3 ...
2027-01-25        gus  implementation 88 piece=client-11 by=assessor rubric scope=90,adoption=80 implementation-lead -> withheld too-few of implementation have 2 need 3
2027-02-01 00:30  gus  implementation 90 piece=client-12 by=assessor rubric scope=90,adoption=60 implementation-lead -> awarded until 2028-02-01

== Three quarters: good, bad and mended, good ==
2027-04-20        gus  health-score 81 by=ai                     implementation-lead -> recorded until 2028-02-01 ...
2027-05-16        gus  state                                     implementation-lead -> valid until 2028-02-01
2027-07-15        gus  health-score 74 by=ai                     implementation-lead -> recorded until 2028-02-01 ...
2027-08-15 23:30  gus  state                                     implementation-lead -> valid until 2028-02-01
2027-08-16 00:00  gus  state                                     implementation-lead -> suspended since 2027-08-16
2027-08-16        clock
2027-08-20        gus  health-score 90 by=ai                     implementation-lead -> withheld suspended training-not-completed of remediation-course
2027-08-20 12:01  gus  state                                     implementation-lead -> suspended since 2027-08-16
2027-09-01        gus  remediation-course done                   implementation-lead -> reinstated until 2028-02-01
2027-09-01 12:01  gus  state                                     implementation-lead -> valid until 2028-02-01
2027-09-01 12:01  gus  page                                      implementation-lead -> same awarded 2027-02-01
# The score of August lies in the third quarter.
2027-11-16        gus  state                                     implementation-lead -> valid until 2028-02-01

== Gus renews by a case study and a score, in summer time ==
2027-12-02 23:30  gus  case-study passed evidence=1              implementation-lead -> recorded until 2028-02-01 ...
2027-12-03 00:30  gus  health-score 80 by=ai                     implementation-lead -> recorded until 2028-02-01 ...
2027-12-10        gus  case-study passed evidence=1              implementation-lead -> renewed until 2029-02-01

== Hal's score comes from his manager, which nobody asked for ==
2027-01-05        hal  course done                               consultant -> withheld exam-not-passed
2027-01-06        hal  exam 90                                   consultant -> awarded until 2028-01-06
2027-01-07        hal  implementation 90 piece=client-37 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 1
2027-01-08        hal  implementation 90 piece=client-38 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 2
2027-01-09        hal  implementation 90 piece=client-38 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 2
2027-01-31        hal  implementation 90 piece=client-39 by=assessor rubric scope=90,adoption=90 implementation-lead -> awarded until 2028-01-31
# The end of April has no 31st.
2027-05-01        hal  health-score 99 by=manager                implementation-lead -> recorded until 2028-01-31 ...
2027-05-14 23:59  hal  state                                     implementation-lead -> valid until 2028-01-31
2027-05-15 00:00  hal  state                                     implementation-lead -> suspended since 2027-05-15
# Scored in time and only reported late: nothing was missed, and nothing needs to be mended.
2027-05-20        hal  health-score 80 by=ai at=2027-05-10       implementation-lead -> reinstated until 2028-01-31
2027-05-20 12:01  hal  state                                     implementation-lead -> valid until 2028-01-31

== Ivy's consultancy is in grace, and counts ==
2027-02-01        ivy  course done                               consultant -> withheld exam-not-passed
2027-02-02        ivy  exam 90                                   consultant -> awarded until 2028-02-02
2028-01-10        ivy  implementation 90 piece=client-51 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 1
2028-01-11        ivy  implementation 90 piece=client-52 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 2
2028-02-10        ivy  state                                     consultant -> expired since 2028-02-02 grace-until 2028-03-03
2028-02-11        ivy  implementation 90 piece=client-54 by=assessor rubric scope=90,adoption=90 implementation-lead -> awarded until 2029-02-11

== Jan's grace is over ==
2027-02-01        jan  course done                               consultant -> withheld exam-not-passed
2027-02-02        jan  exam 90                                   consultant -> awarded until 2028-02-02
2028-01-10        jan  implementation 90 piece=client-59 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 1
2028-01-11        jan  implementation 90 piece=client-60 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld too-few have 2
2028-03-04        jan  implementation 90 piece=client-61 by=assessor rubric scope=90,adoption=90 implementation-lead -> withheld prerequisite-not-held
