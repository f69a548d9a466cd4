# Five steps, each the gate to the next; recertification every twelve or twenty-four months in a window of sixty days,
# without grace. Times are those of New York.

== Uma goes from step to step ==
2027-01-11        uma  orientation-day done minutes=200          orientation -> withheld too-few-hours of orientation-day
2027-01-12        uma  orientation-day done minutes=160          orientation -> awarded until ever
2027-01-13        uma  playbook done                             role-sales -> withheld exam-not-passed of exam
2027-01-14        uma  exam 74                                   role-sales -> withheld below-pass-mark have 74 need 75 attempt 1 of 2 next 2027-01-17
# The second failure restarts the whole path: the playbook counts no more.
2027-01-17        uma  exam 70                                   role-sales -> withheld training-not-completed of playbook ...
2027-01-20        uma  playbook done                             role-sales -> withheld ...
2027-01-21        uma  exam 80                                   role-sales -> awarded until 2028-01-21
2027-01-22        uma  shadowed-projects passed evidence=1       field-specialist -> withheld too-few of shadowed-projects have 1 need 2 review-not-passed of sign-off
2027-02-01        uma  shadowed-projects passed evidence=1       field-specialist -> withheld review-not-passed of sign-off
2027-02-02        uma  sign-off passed by=peer                   field-specialist -> withheld wrong-reviewer of sign-off
2027-02-03        uma  sign-off passed by=manager                field-specialist -> awarded until 2028-02-03
2027-05-31        uma  solution-exam 92                          solution-professional -> withheld proctoring-missing need live
# The higher one renews what is below it, from today on; the orientation never ends.
2027-06-01        uma  solution-exam 80 proctoring=live          solution-professional -> awarded until 2029-06-01
2027-06-01        uma  state                                     role-sales -> valid until 2028-06-01
2027-06-01        uma  state                                     field-specialist -> valid until 2028-06-01
2027-06-01        uma  page                                      role-sales -> same version 2
2027-06-01        uma  state                                     orientation -> valid until ever

== One mail at sixty days; when the window closes, the full path ==
2028-04-02        clock
2028-04-02        uma  notices                                   role-sales -> told 60d
2028-06-01 23:59  uma  state                                     role-sales -> valid until 2028-06-01
2028-06-02 00:00  uma  state                                     role-sales -> expired since 2028-06-01
2028-06-02 08:00  clock
2028-06-02        uma  notices                                   role-sales -> told expired
2028-06-02        uma  recertification 90                        role-sales -> withheld training-not-completed of playbook exam-not-passed of exam
2028-06-05        uma  playbook done                             role-sales -> withheld exam-not-passed of exam
2028-06-06        uma  exam 88                                   role-sales -> renewed until 2029-06-06
2028-06-06        uma  page                                      role-sales -> same awarded 2028-06-06

== Vic stands before the gate with everything but the orientation ==
2027-02-01        vic  tools done                                role-engineer -> withheld prerequisite-not-held exam-not-passed of exam
2027-02-02        vic  exam 60                                   role-engineer -> withheld prerequisite-not-held below-pass-mark attempt 1 of 2 next 2027-02-03
2027-02-03        vic  exam 65                                   role-engineer -> withheld prerequisite-not-held attempts-used-up of exam next 2027-05-04 ...
2027-05-03        vic  exam 92                                   role-engineer -> withheld prerequisite-not-held attempts-used-up of exam next 2027-05-04
2027-05-04        vic  exam 92                                   role-engineer -> withheld prerequisite-not-held
2027-05-05        vic  orientation-day done minutes=400          orientation -> awarded until ever
2027-05-05 12:01  vic  state                                     role-engineer -> valid until 2028-05-05
2028-03-05 23:30  vic  recertification 80                        role-engineer -> recorded until 2028-05-05 ...
2028-03-06        vic  recertification 74                        role-engineer -> recorded until 2028-05-05 ...
2028-05-05 23:30  vic  recertification 75                        role-engineer -> renewed until 2029-05-05

== Xia's projects are too far apart ==
2027-01-12        xia  orientation-day done minutes=360          orientation -> awarded until ever
2027-01-13        xia  tools done                                role-engineer -> withheld exam-not-passed
2027-01-14        xia  exam 90                                   role-engineer -> awarded until 2028-01-14
2027-01-15        xia  shadowed-projects passed evidence=2       field-specialist -> withheld review-not-passed
2027-07-15        xia  state                                     field-specialist -> none
2027-07-16        xia  sign-off passed by=manager                field-specialist -> withheld too-old of shadowed-projects
2027-07-17        xia  shadowed-projects passed evidence=2       field-specialist -> awarded until 2028-07-17
# A higher one renews what ends earlier, and shortens nothing.
2027-07-18        xia  extend until 2029-12-31                   field-specialist -> extended until 2029-12-31
2027-07-20        xia  solution-exam 95 proctoring=in-person     solution-professional -> awarded until 2029-07-20
2027-07-20        xia  state                                     role-engineer -> valid until 2028-07-20
2027-07-20        xia  state                                     field-specialist -> valid until 2029-12-31

== Wes is known to everybody: two directors approve ==
2027-03-01        wes  orientation-day done minutes=400          orientation -> awarded until ever
2027-03-02        wes  award by hand by bea                      solution-professional -> awarded until 2029-03-02
2027-03-03        wes  portfolio passed evidence=5               principal -> withheld approval-missing review-not-passed of panel review-not-passed of thesis
2027-03-10        wes  thesis passed by=assessor                 principal -> withheld approval-missing
2027-03-11        wes  approve by bea                            principal -> granted
2027-03-12        wes  state                                     principal -> none
2027-03-13        wes  approve by cem                            principal -> awarded until 2029-03-13
2027-03-13        wes  page                                      principal -> same awarded 2027-03-13
