/** Data elements and composites by reference, in our own words. One a line: reference, name. */
export const elementNameText = `
2 sets accepted
3 text
7 bank account
8 bank client
10 master bill of lading
11 billing
16 how the charge is paid
19 city
20 client bank number
22 commodity
23 kind of commodity code
24 equipment type
26 country
28 group control number
29 group date
30 group time
31 adjustment number
32 delivery date
33 exception with the freight
34 service standard
35 disposition
37 effective date
39 entitlement
40 kind of equipment
46 rate authority
54 who bears the risk
55 flight or voyage
56 kind of service
57 freight bill disposition
58 charge
59 freight class
60 freight rate
61 text
62 hazardous material
63 hazardous material contact
64 hazardous material description
65 height
66 kind of id
67 id
71 inquiry number
74 declared value
75 depositor's adjustment number
76 invoice number
77 flash point
79 description of the freight
80 packages
81 weight
82 length
86 pieces of equipment
87 marks
88 kind of marks
90 unit of measure
91 mode of transport
92 kind of order
93 name
96 segments
97 sets included
98 role
100 currency
102 who owns it
103 packaging
106 event
107 payment method
108 pickup or delivery
110 result of processing
113 pier
114 port
115 kind of port
116 postal code
117 prepaid amount
118 rate
119 rate basis number
120 rate combination point
121 rate class
122 what the rate is per
123 sets received
124 receiver's code
127 reference
128 kind of reference
129 pattern
133 place in the route
140 carrier (SCAC)
142 sender's code
143 set
145 carrier's shipment number
146 who pays the freight
147 kind of shipment
148 freight value
149 special charge
150 kind of special charge
151 authority
152 special handling
153 special handling text
154 standard point location
156 state
157 shipment status
158 status date
160 status report wanted
161 status time
163 reason for the stop
165 stop number
166 address
167 tare weight
168 tariff agency
169 tariff item
170 part of the tariff item
171 tariff
172 section of the tariff
173 supplement of the tariff
174 terminal
176 kind of time
177 intermodal service
181 reason for the adjustment
182 vessel
183 volume
184 unit of volume
187 kind of weight
188 unit of weight
189 width
190 what is to be done
191 advances
193 net amount due
195 load capacity
199 confidential billing
200 page of the hazardous list
202 correction
205 dunnage weight
206 equipment initials
207 equipment number
208 kind of hazardous code
209 hazardous class
211 kind of package
212 unit price
213 line of the freight
215 hazardous classification
218 placard
219 position
220 quantity billed
221 what is billed
222 hazardous endorsement
223 repeated pattern
224 hazardous shipping name
225 seal number
226 section seven
227 tariff column
230 second hazard
232 weight allowance
234 product id
235 kind of product id
236 kind of price
237 list cost
238 emergency plan number
239 booking date
241 protective service
242 vents
245 invoice date
248 allowance or charge
249 vessel requirement
254 packing group
257 how the tariff applies
258 quantity cost
267 net explosive quantity
271 second risk
272 hazardous certification
273 hazardous declaration
274 hazardous material class
275 authorization date
276 special charge text
277 UN number
279 change date
280 exchange rate
282 start of the terms
283 what the due date counts from
284 service level
285 depositor's order
286 condition of the goods
289 number of units for the price
290 price condition
291 how the price condition applies
292 quantity basis
293 kind of promotion condition
294 distance
295 kind of distance
296 intermediate carrier
301 car type
304 event
305 what is to be done
306 action
307 owner of the equipment
309 kind of place
310 place
313 authority
319 temperature control
322 loaded or empty
323 order date
324 purchase order
325 tax number
326 request reference
327 change number
328 release
329 set control number
330 quantity ordered
331 how it is settled
332 percent
333 what the terms count from
334 kind of delivery terms
335 delivery terms
336 kind of terms
337 time
338 discount percent
339 allowance or charge quantity
340 allowance or charge code
341 allowance or charge number
342 percent payable
343 installment total
344 unit of time
345 kind of lead time
346 application
347 control total
349 kind of description
350 line number
351 discount days
352 text
353 purpose
354 number of lines
355 unit
356 units per pack
357 size
358 quantity invoiced
359 allowance or charge rate
360 allowance or charge total
361 invoice total
362 discount amount
363 kind of note
364 communication number
365 kind of communication
366 contact role
367 contract
368 status
369 description
370 net due date
371 reason for the change
372 liability for the freight
373 date
374 kind of date
375 tariff service
378 what the percent is of
380 quantity
381 reason for the price
382 quantity shipped
383 quantity difference
384 gross weight per pack
385 gross volume per pack
386 net days
387 routing
388 deferred due date
389 deferred amount
390 amount that earns the discount
391 amount after discount
394 warehouse receipt
395 unit weight
396 shipment
397 color
398 order sizing factor
399 pallet exchange
400 how the load is unitized
401 order total
406 pallets shipped
407 state of the seal
408 temperature
409 pallets received
410 pallets returned
411 quantity contested
412 condition on receipt
413 quantity received
414 packages received
416 pallet block and tiers
417 price bracket
418 new list cost
419 old list cost
420 new suggested retail price
421 old suggested retail price
422 promotion condition
424 vendor's order number
426 reason for the adjustment
427 unit price difference
432 kind of date
433 delivery point code
434 delivery point
435 shipment date
438 U.P.C. case code
439 price list
440 price list issue
441 tax exempt
443 contact's reference
444 order instruction
445 exception to the terms
446 net due date
447 loop
451 warehouse lot
452 quantity damaged or on hold
455 agency
456 where the probe is
458 dunnage
460 kind of shipment weight
466 stops
472 link number
473 order status
474 master reference
475 adjustment number
477 adjusted quantity
478 credit or debit
479 kind of document
480 version
481 kind of trace
482 payment action
488 percent
499 value of the condition
501 customs
506 kind of bank id
507 bank id
508 account
509 originator's id
510 originator's supplement
513 effective date
514 reporting code
522 kind of amount
529 kind of inventory movement
530 receipt date
531 agent's shipment id
539 vehicle identification number
554 number
558 reservation
559 agency
560 special service
561 service marks
562 kind of rate
563 sales requirement
564 limit action
565 limit amount
566 substitution allowed
567 equipment length
569 kind of account
571 kind of tare
584 employment status
587 answer
588 acknowledgment date
591 payment method
594 how often
595 compartment
596 invoice wanted on
597 vessel code
598 waybill
604 consolidation
609 count
610 amount
614 store
618 set error
619 zone
620 segment error
621 element error
622 loads
623 time zone
624 century
625 how COD is paid
626 reason for excess transportation
627 who pays excess transportation
628 level number
639 price basis
640 kind of transaction
641 reason
646 quantity shipped to date
647 error
648 kind of multiplier
649 multiplier
653 kind of discount terms
654 what the discount is based on
655 discount base
656 kind of discount limit
657 discount limit
658 upper discount limit
659 basis of verification
661 configuration
662 relationship
663 quantity accepted
664 quantity returned
665 residue
667 quantity in question
668 status
669 exchange market
670 kind of change
671 left to receive
672 what is authorized
673 kind of quantity
675 kind of schedule
676 kind of schedule quantity
677 inner depth
678 delivery pattern
679 delivery time pattern
680 certainty of the forecast
681 period of the forecast
682 release status
683 catalog purpose
684 catalog
685 catalog version
686 catalog revision
687 class of trade
688 kind of restriction
704 what is to be done with it
706 relationship
713 installment group
715 group result
716 group error
717 set result
718 set error
719 position
720 segment error
721 segment
722 element
723 element error
724 value
725 element reference
727 settlement date
728 container load
729 category
731 transit direction
732 unit of transit time
733 transit time
734 parent level
735 level
736 has lower levels
737 what is measured
738 measurement
739 value
740 least
741 most
742 route
743 who pays freight of returned containers
750 characteristic
751 description code
752 surface or layer
753 kind of packaging description
754 packaging description
755 kind of report
756 how it is sent
757 copies
759 reportable quantity
761 check digit of the equipment
765 day of the month
767 market area
769 exception number
770 option
771 kind of market area
777 invoice total
778 amount that earns the discount
779 amount after discount
780 discount amount
782 amount
783 kind of forecast
784 length of the data
785 data
786 security level
787 record length
788 block length
789 sheet size
790 title
791 purpose
792 status
797 security technique
799 version
800 compression
801 interchange format
802 program
803 file
804 block type
805 Canadian hazardous notation
806 waste stream number
807 waste characteristics
808 kind of hazardous text
809 hazardous text
810 inner packs
812 payment format
817 tax number
819 language
822 part of the source
823 to be returned
828 what the percent is of
844 inbound hold
847 order or item
848 product or date
849 place
850 status reported
853 reason for the damage
854 kind of vessel
857 number of units for the printed price
858 printed price
859 activity
867 signature
875 maintenance
876 other tiers per pallet
878 text on the cash register
879 coupon family
880 days of a dated product
881 deposit
882 printed price
883 pallet type
884 pallet tiers
885 cases per tier
889 follow-up
890 reason for the carrier change
891 reason for the date change
892 reason for the line change
893 warehouse adjustment
896 kind of account
897 kind of vessel code
901 reason for rejection
916 list of codes
931 page width
932 lines per page
933 message
934 printer control
935 meaning of the measurement
936 attribute of the measurement
951 kind of balance
954 percent
955 kind of tax jurisdiction
956 tax jurisdiction
961 new content
962 kind of receiving advice
963 tax
983 kind of hazardous class
984 kind of shipping name
985 not otherwise specified
986 special commodity
1000 kind of service
1004 kind of percent
1005 structure
1018 exponent
1019 how to invoice
1023 hazard zone
1024 tank compartments
1025 where it is loaded or discharged
1026 vessel material
1030 gasket
1031 trailer lining
1035 last name or organization
1036 first name
1037 middle name
1038 name prefix
1039 name suffix
1042 load or device
1043 diameter
1044 hose
1045 inlet or outlet material
1046 inlet or outlet fitting
1047 other equipment
1048 business function
1049 kind of tax payment
1050 taxpayer verification
1051 tax amount
1065 person or organization
1066 citizenship
1067 marital status
1068 gender
1069 relationship of the person
1073 yes or no
1095 year
1096 county
1104 part of the name
1106 part of the address
1109 ethnicity
1122 vent setting
1136 category
1149 occupation
1161 product option
1165 confidentiality
1166 kind of contract
1176 employment class
1179 kind of customs entry
1186 kind of income
1195 financial information
1196 breakdown
1203 reason for maintenance
1204 plan cover
1205 line of insurance
1207 level of cover
1209 underwriting decision
1211 drug house
1216 benefit status
1218 Medicare plan
1219 COBRA event
1220 student status
1224 contribution
1232 purchase category
1250 format of the date
1251 date or period
1262 kind of loan
1270 list of codes
1271 code
1274 reason for the train's delay
1280 direction
1281 fund
1282 Treasury symbol
1283 budget activity
1284 object class
1285 reimbursable source
1286 transaction reference
1287 accountable station
1288 paying station
1292 what to do with the return
1293 reason for the return
1294 reason for the answer
1296 special processing
1300 service
1301 agency service
1309 acquisition data
1310 financing
1321 condition
1322 certification
1373 method of measurement
1375 interim hazardous number
1401 kind of proposal data
1430 day of the rotation
1470 number
1511 kind of deduction
1525 kind of request
1528 component
1551 text
1570 filter
1577 hazardous exception
1609 what data it is
1650 shipment status
1651 reason for the status
1652 appointment
1654 longitude
1655 latitude
1658 reason for declining
1684 kind of attendance
1685 tax treatment
1686 repetition
1687 rate of pay
1688 kind of deduction
1699 pallet structure
1701 why Medicare applies
1705 guide
1715 country subdivision
9998 context reference
9999 context
I01 authorization qualifier
I02 authorization
I03 security qualifier
I04 security
I05 kind of id
I06 sender
I07 receiver
I08 date
I09 time
I10 standards
I11 version of the envelope
I12 control number
I13 answer wanted (TA1)
I14 usage
I15 component separator
I16 number of groups
I17 result
I18 reason
I65 repetition separator
C001 unit of measure
C002 actions
C030 position
C040 further references
C041 date and century
C052 Medicare
C056 ethnicity
C063 quantities
C998 context
C999 reference in the segment
`;
