# A managed service practitioner: two exams and a reviewed workload, three years, a yearly audit with two reports. Times are
# those of Los Angeles.

== Ada gets there by way of every refusal ==
2027-01-04        ada  operational-assessment 85 proctoring=live managed-service-practitioner -> withheld exam-not-passed of associate-exam out-of-order of operational-assessment review-not-passed of workload
2027-01-05        ada  associate-exam 71                         managed-service-practitioner -> withheld below-pass-mark of associate-exam have 71 need 72 attempt 1 of 3 next 2027-01-19 out-of-order of operational-assessment review-not-passed of workload
2027-01-18 23:30  ada  associate-exam 90                         managed-service-practitioner -> withheld too-early of associate-exam next 2027-01-19 out-of-order of operational-assessment review-not-passed of workload
2027-01-19 00:30  ada  associate-exam 80                         managed-service-practitioner -> withheld out-of-order of operational-assessment review-not-passed of workload
2027-01-25        ada  operational-assessment 82                 managed-service-practitioner -> withheld proctoring-missing of operational-assessment review-not-passed of workload
2027-01-26        ada  operational-assessment 82 proctoring=in-person managed-service-practitioner -> withheld review-not-passed of workload
2027-02-01        ada  workload 75 by=assessor rubric reliability=80,cost=50,security=65 managed-service-practitioner -> withheld below-rubric of workload have 65 need 70
2027-02-08        ada  workload 75 by=assessor rubric reliability=80,cost=50             managed-service-practitioner -> withheld rubric-incomplete of workload
2027-02-09        ada  workload 75 by=ai rubric reliability=80,cost=50,security=75       managed-service-practitioner -> withheld wrong-reviewer of workload
2027-02-10        ada  workload 69 by=assessor rubric reliability=80,cost=50,security=75 managed-service-practitioner -> withheld below-pass-mark of workload have 69 need 70
2027-02-15        ada  workload 75 by=assessor rubric reliability=80,cost=50,security=75 managed-service-practitioner -> awarded until 2030-02-15

== Ada's first audit is passed in its grace, with two reports one after the other ==
2027-12-01        ada  workload-reports passed evidence=1        managed-service-practitioner -> recorded until 2030-02-15 ...
2028-02-16        ada  state                                     managed-service-practitioner -> valid until 2030-02-15
2028-04-15 23:30  ada  workload-reports passed evidence=1        managed-service-practitioner -> recorded until 2030-02-15 ...
2028-04-16        ada  state                                     managed-service-practitioner -> valid until 2030-02-15

# The report of April 2028 lies in the second year, too, and counts there; of the second report there is none.
== The second audit is missed: suspended, and mended by the clinic only ==
2029-02-15        clock
2029-04-16 23:59  ada  state                                     managed-service-practitioner -> valid until 2030-02-15
2029-04-17 00:00  ada  state                                     managed-service-practitioner -> suspended since 2029-04-17
2029-04-17 09:00  clock
2029-05-01        ada  workload-reports passed evidence=2        managed-service-practitioner -> withheld suspended training-not-completed of operations-clinic
2029-05-01 12:01  ada  state                                     managed-service-practitioner -> suspended since 2029-04-17
2029-07-15 23:30  ada  operations-clinic done                    managed-service-practitioner -> reinstated
2029-07-15 23:31  ada  state                                     managed-service-practitioner -> valid until 2030-02-15
2029-07-15 23:31  ada  page                                      managed-service-practitioner -> same awarded 2027-02-15
2029-07-15 23:32  ada  state at=2029-06-01                       managed-service-practitioner -> suspended since 2029-04-17

== Bo shows nothing, and comes to the clinic a day too late ==
2027-02-01        bo   associate-exam 80                         managed-service-practitioner -> withheld exam-not-passed of operational-assessment review-not-passed of workload
2027-02-02        bo   operational-assessment 80 proctoring=live managed-service-practitioner -> withheld review-not-passed of workload
2027-02-15        bo   workload 90 by=assessor rubric reliability=90,cost=90,security=90 managed-service-practitioner -> awarded until 2030-02-15
2028-01-16        clock
2028-02-15        clock
2028-03-16        clock
2028-04-08        clock
2028-04-15        clock
2028-04-15        bo   notices                                   managed-service-practitioner -> told asked-90d asked-60d asked-30d asked-7d asked-0d
2028-04-15 23:59  bo   state                                     managed-service-practitioner -> valid until 2030-02-15
2028-04-16        bo   state                                     managed-service-practitioner -> suspended since 2028-04-16
2028-04-16        clock
2028-04-16        bo   notices                                   managed-service-practitioner -> told missed
2028-07-15        bo   operations-clinic done                    managed-service-practitioner -> withheld suspended ...
2028-07-15        bo   state                                     managed-service-practitioner -> suspended since 2028-04-16

== Cleo does everything in time, and is renewed from the old end ==
2027-02-20        cleo associate-exam 80                         managed-service-practitioner -> withheld exam-not-passed review-not-passed
2027-02-21        cleo operational-assessment 80 proctoring=live managed-service-practitioner -> withheld review-not-passed
2027-03-01        cleo workload 90 by=assessor rubric reliability=90,cost=90,security=90 managed-service-practitioner -> awarded until 2030-03-01
2027-06-01        cleo workload-reports passed evidence=2        managed-service-practitioner -> recorded until 2030-03-01 ...
2028-06-01        cleo workload-reports passed evidence=2        managed-service-practitioner -> recorded until 2030-03-01 ...
2029-10-31 23:30  cleo operational-assessment 90 proctoring=live managed-service-practitioner -> recorded until 2030-03-01 ...
2029-11-01 00:30  cleo workload 90 by=assessor rubric reliability=90,cost=90,security=90 managed-service-practitioner -> recorded until 2030-03-01 ...
2030-03-01 23:30  cleo operational-assessment 91 proctoring=live managed-service-practitioner -> renewed until 2033-03-01
2030-03-01 23:31  cleo page                                      managed-service-practitioner -> same awarded 2027-03-01 version 2

== Di uses up three attempts and waits half a year ==
2027-01-04        di   associate-exam 50                         managed-service-practitioner -> withheld below-pass-mark attempt 1 of 3 next 2027-01-18 exam-not-passed of operational-assessment review-not-passed of workload
2027-01-18        di   associate-exam failed                     managed-service-practitioner -> withheld exam-not-passed of associate-exam attempt 2 of 3 next 2027-02-01 exam-not-passed of operational-assessment review-not-passed of workload
2027-02-01        di   associate-exam 60                         managed-service-practitioner -> withheld attempts-used-up of associate-exam next 2027-07-31 exam-not-passed of operational-assessment review-not-passed of workload ...
2027-07-30        di   associate-exam 80                         managed-service-practitioner -> withheld attempts-used-up of associate-exam next 2027-07-31 ...
2027-07-31        di   associate-exam 72                         managed-service-practitioner -> withheld exam-not-passed of operational-assessment review-not-passed of workload
