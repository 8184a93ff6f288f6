/**
 * What codes stand for, in our own words: an element's reference on a line of its own, its codes indented below it,
 * one a line. The lists that trading documents use; a code without a line is shown as it is.
 */
export const codeNameText = `
33
 A all short
 D damaged
 O over
40
 AC closed container
 BX boxcar
 CC container on a chassis
 CN container
 CZ refrigerated container
 FF frozen food trailer
 FT flatbed trailer
 OT open-top trailer
 RC refrigerated car
 RR rail car
 RT controlled-temperature trailer
 TF dry freight trailer
 TL trailer
 TN tank car
 TV truck, van
 TW refrigerated trailer
54
 BY buyer
 SE seller
 ZZ mutually agreed
66
 1 DUNS
 10 DoD address code
 11 DEA number
 12 telephone
 14 GS1 prefix
 15 SAN
 16 ZIP code
 18 AIAG
 2 SCAC
 20 SPLC
 21 HIN
 24 employer's number
 25 carrier's customer code
 31 bank id
 33 CAGE code
 34 social security number
 38 country
 4 IATA
 5 SIRET
 53 building
 54 warehouse
 56 division
 57 department
 6 plant code
 7 loading dock
 8 GS1 company prefix
 9 DUNS+4
 91 seller's code
 92 buyer's code
 93 sender's code
 94 receiver's code
 95 carrier's code
 97 receiver's code
 98 purchasing office
 A3 third party's code
 A4 clearinghouse's code
 EI employee number
 FA facility
 FI taxpayer number
 MA mail stop
 MK market
 PR pier
 SV service provider
 SW SWIFT
 TA taxpayer number
 TZ department
 UL GLN
 UM GLN suffix
 UR web address
 ZN zone
 ZZ mutually agreed
88
 AA SSCC-18
 AI GS1-128 with its data
 CA shipper-assigned case number
 CP carrier package
 DZ drop zone
 GM SSCC-18 with application identifier
 L line item only
 MC master carton
 PB marked by the buyer
 R originator
 S entire shipment
 SI self-identifying by radio
 SM shipper
 UC U.P.C. shipping container code
 UP U.P.C. consumer package code
 W pallet
 X pallet configuration
 ZZ mutually agreed
90
 E feet
 N inches
91
 A air
 AC air charter
 AE air express
 AF air freight
 B barge
 BU bus
 C consolidation
 CE customer picks up, at own cost
 D parcel post
 E expedited truck
 FA air forwarder
 FL flatbed truck
 H customer picks up
 I irregular carrier
 J motor
 K backhaul
 L contract carrier
 LT less than truckload
 M motor, common carrier
 MB bulk truck
 MP package carrier
 O ocean container
 P private carrier
 PA pooled air
 PL pipeline
 PP pool to pool
 PT pooled truck
 Q conventional ocean
 R rail
 RC rail, less than carload
 S ocean
 SB shipper's agent
 SE sea and air
 SR supplier's truck
 SS steamship
 ST stack train
 T best way
 TA towaway
 TT tank truck
 U parcel service
 VE ocean vessel
 W inland waterway
 X intermodal
 ZZ mutually agreed
92
 AB assortment against a blanket
 AC grounded aircraft, critical
 AO grounded aircraft, service
 BD bidding
 BE blanket, not firm
 BH bill and hold
 BK blanket
 BL bailment
 BQ budgetary quote
 BY buying
 CA contract award
 CB cooperative agreement
 CC contract change
 CD assistance loan
 CE contract not yet definite
 CF confirmation
 CG formula funds award
 CN consigned
 CO catalog
 CP change
 CR change of a release
 DN donation
 DO domestic
 DR direct ship
 DS drop ship
 EO emergency
 EP export
 FF formula funds
 FH fabricate and hold
 FS distressed goods
 IN information copy
 JL job lot
 KA agreement
 KB blanket agreement
 KC contract
 KD basic agreement
 KE basic ordering agreement
 KG grant
 KI indefinite delivery and quantity
 KN purchase order
 KO close-out
 KP authority to proceed
 KQ indefinite delivery, definite quantity
 KR requirements
 KS letter contract
 KT task order
 LB lease under a blanket
 LN loan
 LS lease
 NA novation
 NE new
 NO not for sale
 NP new product introduction
 NS new store
 OS special
 PD production
 PR promotion
 RA release against an assortment
 RC retailer's pre-commitment
 RE reorder
 RL release against a blanket
 RN renewal
 RO rush
 RR repair and return
 RT rental
 RU record update
 RW resume work
 SA stand-alone
 SO already shipped
 SP sample
 SS supply or service
 ST standing
 SW stop work
 TC toll conversion
 TM time and materials
 TR termination
 UD unit down
 UE unit exchange
 US urgent service
 WO warranty
 WT warehouse transfer
 ZZ mutually agreed
98
 11 billed party
 12 regional office
 15 accounts payable
 16 plant
 31 mailing address
 36 employer
 40 receiver
 44 data processing
 45 drop-off
 60 salesperson
 7N receives the proposal
 81 source of the part
 82 rendering provider
 85 billing provider
 87 pay-to provider
 AG agent
 AO account of
 AP account of the origin
 AQ account of the destination
 BF billed from
 BG buying group
 BK bank
 BL receives the bill of lading
 BO broker or sales office
 BS bill and ship to
 BT bill to
 BV billing service
 BY buyer
 C1 in care of
 CA carrier
 CD consignee's mail
 CI consignor
 CN consignee
 CO ocean conference
 CQ head office
 CS consolidator
 CT country of origin
 DA delivery address
 DB distributor's branch
 DC destination carrier
 DE depositor
 DS distributor
 EN end user
 EX exporter
 FD street address
 FE mailing address
 FR from
 FS final destination
 FW forwarder
 IA installed at
 IC intermediate consignee
 II invoice issuer
 IL insured
 IM importer
 IN insurer
 IT installed on site
 KA item manager
 KY technical office
 LG where the goods are
 LP loading party
 LS lessee
 LW customer
 MA final user of the item
 MF manufacturer
 MI issues the schedule
 MP manufacturing plant
 N1 to be notified
 NP to be notified, order shipment
 OB ordered by
 OC origin carrier
 OO order of
 OP operator
 OT origin terminal
 OV vessel owner
 PB paying bank
 PD buyer in the department
 PE payee
 PF receives the freight bill
 PG prime contractor
 PJ receives correspondence
 PK receives a copy
 PN receives the shipping notice
 PO receives the invoice
 PR payer
 PT receives the test report
 PU party at pickup
 PW pickup address
 QV group practice
 R6 requester
 RA other return address
 RC receiving location
 RE remit to
 RI remit to
 RL reporting location
 RP receives for the customer
 RS receiving scheduler
 RT returned to
 S1 parent company
 SB storage area
 SC store class
 SD sold and ship to
 SE seller
 SF ship from
 SH shipper
 SI issues the shipping schedule
 SJ service provider
 SM receives the manifest
 SN store
 SO sold to
 SP fills the shipper's order
 SR samples go back to
 SS steamship company
 ST ship to
 SU supplier
 SV where the service is done
 T4 transfer point
 TC tool source
 TM transmitter
 TO to
 TR terminal
 UC ultimate consignee
 UP unloading party
 VF selling office
 VN vendor
 WH warehouse
 X1 mail to
 XN planning
 XU customs broker
 Z1 receives the status
 Z6 transferring party
 Z7 mark for
 ZB receives the credit
 ZZ mutually agreed
107
 A private netting, by wire
 AA bank draft
 AB cash
 AC credit card
 AD direct deposit
 AE money order
 C check
 D debited
 E electronic
 F freight payment bank
 I invoiced separately
 L letter of credit
 N billing account
 P charged before
 S summary account
 T wire
 V lockbox
 W waived
110
 BA batch accepted
 BE batch accepted with errors
 BP batch accepted in part
 BR batch rejected
 GA group accepted
 GC group accepted, data changed
 GE group accepted with errors
 GP group accepted in part
 GR group rejected
 IA item accepted
 IC item accepted, data changed
 IE item accepted with errors
 IP item accepted in part
 IR item rejected
 TA set accepted
 TC set accepted, data changed
 TE set accepted with errors
 TP set accepted in part
 TR set rejected
115
 D discharge port
 E place of delivery
 L loading port
 O origin
 R place of receipt
 Y relay port
122
 AV percent of the value
 BR per barrel
 CF per 40 cubic feet
 CM per cubic meter
 CW per hundredweight
 FC flat charge
 FR flat rate
 GT per gross ton
 KG per kilogram
 LB per pound
 LS lump sum
 LT per long ton
 MM per metric ton
 MN minimum
 MX mixed shipment
 PA per container
 PC per car
 PD per day
 PF per cubic foot
 PG per gallon
 PH per hundred
 PL per load
 PM per mile
 PN per night
 PP per piece
 PR per hour
 PS per shipment
 PT per net ton
 PU per unit
 PV per vehicle
 PW percent of charges
 PZ per package
 RB rate per hundred
 SP per stop
 ST per short ton
128
 08 carrier's package id
 0L referenced by
 10 account manager
 11 account
 12 billing account
 14 master account
 16 MIPR
 19 division
 1V related vendor order
 1X credit or debit adjustment
 1Z financial detail
 23 client
 2F consolidated invoice
 2I tracking number
 3L branch
 3Z customs broker's reference
 4B shipment origin
 4C shipment destination
 4F carrier's shipper number
 55 sequence
 60 account suffix
 65 total order cycle
 6E map reference
 72 schedule
 7B order of the shipper
 82 data item
 87 functional category
 89 assembly
 8M originating company
 8X transaction category
 93 funds authorization
 97 package
 98 packaging specification
 9R job order
 9S delivery region
 9V payment category
 9X account category
 AA receivable statement
 AE expense authorization
 AH agreement
 AI associated invoices
 AJ receivable customer account
 AN associated purchase orders
 AO appointment
 AP receivable
 AU authorization to meet competition
 AW air waybill
 AZ policy
 BB authorization
 BC buyer's contract
 BE business activity
 BF billing center
 BG first serial number
 BL government bill of lading
 BM bill of lading
 BN booking
 BR broker
 BT batch
 BV order line of the buyer
 BX buyer's shipment mark
 BZ complaint
 CA cost allocation
 CB combined shipment
 CD credit note
 CG consignee's order
 CI consignment
 CK check
 CL seller's credit memo
 CM buyer's credit memo
 CN carrier's reference
 CO customer's order
 CP condition of purchase
 CR customer's reference
 CS condition of sale
 CT contract
 CX consignment class
 DB buyer's debit memo
 DC dealer's order
 DE depositor
 DG drawing
 DI distributor's invoice
 DJ delivery ticket
 DK dock
 DL seller's debit memo
 DO delivery order
 DP department
 DQ delivery quote
 DR dock receipt
 DV diversion authority
 DX department or agency
 E9 attachment
 EF funds transfer
 EG last serial number
 EI employer's number
 EM payment reference
 EO submitter
 EQ equipment
 EU end user's order
 F8 original reference
 FB file transfer form
 FI file
 FN forwarder's reference
 FR freight bill
 FS final sequence
 FT foreign trade zone
 GC government contract
 GL geographic destination
 GT GST registration
 GZ general ledger account
 HC heat code
 IA internal vendor number
 IB in bond
 ID insurance certificate
 IF issue number
 IG insurance policy
 IJ industry class
 IK invoice
 IL internal order
 IN consignee's invoice
 IO inbound or outbound party
 IS invoice suffix
 IT internal customer number
 IV seller's invoice
 IX item
 IZ insured parcel
 JB job
 JD user
 K0 approval
 KK delivery reference
 L1 notes
 LA shipping label
 LB lockbox
 LC lease
 LD loan
 LF line feed location
 LI seller's line
 LO load plan
 LS bar-coded serial number
 LT lot
 LU location
 LV license plate
 M1 storage location
 MA ship notice
 MB master bill of lading
 MC microfilm
 MH manufacturing order
 MI mill order
 MK manifest
 MR merchandise type
 MS safety data sheet
 NA hazardous class
 NB letter of credit
 NN nonconformance report
 NS national stock number
 OA outlet
 OC ocean container
 OI original invoice
 ON dealer order
 OP original purchase order
 OQ order
 OR order
 OS outbound from
 OT sales allowance
 OW service order
 P1 previous contract
 P3 previous customer reference
 P4 project
 P8 pickup reference
 PC production code
 PD promotion or deal
 PE plant
 PG product group
 PH priority rating
 PI price list issue
 PK packing list
 PL price list
 PM part
 PN permit
 PO purchase order
 PP order revision
 PQ payee
 PR price quote
 PS order suffix
 PT purchase option
 PU previous bill of lading
 PV product change
 PW prior order
 PX previous invoice
 PZ product change notice
 Q1 quote
 Q5 property control
 QC product specification
 QI quality inspection area
 QJ return authorization
 QN stop
 QP substitute part
 QQ unit
 QR quality report
 RB rate code
 RC rail routing
 RD reel
 RE release
 RF export reference
 RI release invoice
 RN run
 RO repeated booking
 RS returnable container
 RU route
 RV receiving number
 RZ return authorization
 S1 engineering specification
 S3 specification
 S5 routing instruction
 SA salesperson
 SB sales region
 SE serial number
 SF ship from
 SI shipper's number for the shipment
 SJ set
 SL sales territory
 SN seal
 SO shipper's order
 SR sales responsibility
 SS split shipment
 ST store
 SV service charge
 SY social security number
 SZ specification revision
 TB trucker's bill of lading
 TC vendor terms
 TD reason for the change
 TF transfer
 TG transport control number
 TJ taxpayer number
 TN transaction
 TO terminal operator
 TP test specification
 TS tariff
 TX tax exemption
 TZ total cycle
 U3 supplier
 UR unit relief
 V0 version
 V1 volume purchase agreement
 VC vendor's contract
 VI pool
 VN vendor's order
 VP vendor's product
 VR vendor id
 VS vendor order suffix
 VT vehicle
 VX VAT registration
 WH master reference
 WM weight agreement
 WO work order
 WP pick ticket
 WR warehouse receipt
 WS warehouse location
 WU vessel
 WY waybill
 X9 internal control
 XA substitute stock number
 XC cargo control
 XE transport priority
 XO sample
 XY other
 YB revision
 YD buyer id
 ZA supplier
 ZB ultimate consignee
 ZG sales representative's order
 ZH carrier's reference
 ZI reference version
 ZM manufacturer
 ZZ mutually agreed
133
 1 first carrier after origin
 2 second carrier
 3 third carrier
 4 fourth carrier
 5 fifth carrier
 A origin carrier, agent's routing
 B origin and delivery carrier
 D delivery switch carrier
 I origin switch carrier
 O origin carrier
 R origin carrier, Rule 11
 S origin carrier, shipper's routing
 V intermediate switch carrier
 X last carrier
 Z mutually agreed
146
 11 Rule 11 shipment
 BP paid by buyer
 CA advance collect
 CC collect
 CD on delivery
 CF collect, credited back
 CN cost and freight
 DD duty paid
 DE by contract
 DF as agreed
 FO FOB port of call
 HP half prepaid
 MX mixed
 NC no charge
 NR no revenue
 PA advance prepaid
 PB customer picks up
 PC prepaid, charged to the customer
 PD prepaid by processor
 PE prepaid, billed in summary
 PL prepaid local, collect beyond
 PO prepaid only
 PP prepaid by seller
 PS paid by seller
 PU pickup
 RC returned container, customer pays
 RF returned container, free
 RS returned container, supplier pays
 SD seller's domestic freight
 TP third party pays
 WC by weight
181
 03 shipped more than reported
 04 received less than reported
 05 put on hold
 06 book decrease
 07 dumped or destroyed
 51 lost product found
 52 recouped from damage
 53 shipped less than reported
 54 received more than reported
 55 taken off hold
 56 book increase
 AA physical count
 AB accounting error
 AC condition changed
 AD purpose changed
 AE re-identified
 AF stock number changed
 AG owner changed
 AH other
 AI disaster
 AJ survey
 AK transfer
 AN unit of issue changed
 AR order shipped in error
 AS recouped
 AT prepacked
 AU damaged in the warehouse
 AV damaged in transit
 AW recall
 AX shelf life over
 AY receipt error
 BM replacement
 CD donated
 CO consignment
 CR returned by customer
 CS samples
 PC reserved
 TC tax conversion
 UD destroyed without authority
184
 C cubic centimeters
 E cubic feet
 G gallons
 L load
 M cubic decimeters
 N cubic inches
 X cubic meters
187
 A consolidated weight
 B billed weight
 E estimated net weight
 F deficit weight
 G gross weight
 N net weight
 T tare weight
188
 E metric ton
 G grams
 K kilograms
 L pounds
 M measurement ton
 O ounces
 S short ton
 T long ton
202
 CO corrected
211
 BAG bag
 BBL barrel
 BDL bundle
 BOX box
 BSK basket
 CAN can
 CAS case
 CRT crate
 CTN carton
 DRM drum
 ENV envelope
 PAL pail
 PCK package
 PCS pieces
 PLT pallet
 ROL roll
 SKD skid
 TNK tank
 UNT unit
235
 A8 exhibit line
 AB assembly
 AI other ISBN
 AK refined product
 AN asset
 AT assortment
 AV additional id
 B3 edition
 B7 publisher
 B8 batch
 BA bale
 BC supplier's brand
 BE buyer's engineering level
 BL brand
 BN bar-coded serial number
 BO buyer's color
 BP buyer's number
 CA case
 CB buyer's catalog number
 CG commodity group
 CH country of origin
 CL color
 CM NRMA color
 CN commodity
 CO CAS number
 CR contract
 DE design
 DL dye lot
 DP discontinued part
 DR drawing revision
 DV location
 EC engineering level
 EM equipment
 EN EAN
 EO EAN-8
 EP buyer's end product
 EX exchanged part
 F1 catalog number
 FA failed part
 FB form
 FC coupon family
 FE feature
 FI finish
 FS national stock number
 FT federal supply class
 GC grade
 GE generic name
 GS general specification
 GU volume usage
 HC procedure code
 HD harmonized tariff code
 HI HIBC
 HN heat number
 IB ISBN
 IG ignition key
 IN buyer's number
 IR ingredient
 IS ISSN
 IT buyer's style
 IZ buyer's size
 JN job
 JP package type
 JS job sequence
 KB data category
 KP kanban plan
 L1 program level
 LT lot
 MA machine
 ME market program
 MF manufacturer
 MG manufacturer's part
 MN model
 MO movement type
 MS military specification
 N1 NDC 4-4-2
 N2 NDC 5-3-2
 N3 NDC 5-4-1
 N4 NDC 5-4-2
 N5 health related item
 ND NDC
 NH health related item
 OE original equipment number
 ON customer's order
 OP obsolete part
 OT internal number
 P8 price look-up number
 PA pattern
 PC prime contractor's part
 PD part description
 PG packaging specification
 PI purchaser's item
 PJ product date
 PL purchaser's order line
 PN company's part
 PO purchase order
 PR process
 PS position
 PU part reference
 PW part drawing
 RC returnable container
 RN release
 RO roll
 RP replaced part
 RR replacement product
 RY model year
 SB submission
 SC seller's date code
 SE section print
 SF surface finish
 SH service requested
 SI industry class
 SK SKU
 SL seller's lot
 SM NRMA size
 SN serial number
 SR substitute product
 SS superseded part
 ST style
 SV service rendered
 SW stock number
 SZ vendor's size
 TP product type
 U2 U.P.C. shipping container
 UA case U.P.C. 2-5-5
 UB multi-pack U.P.C.
 UC U.P.C. suffix
 UD consumer U.P.C. 2-5-5
 UE module U.P.C.
 UG drug U.P.C.
 UH drug shipping container
 UI consumer U.P.C. 1-5-5
 UK GTIN-14
 UM vendor marking
 UN case U.P.C. 1-5-5
 UO SSCC
 UP UPC
 UQ UN number
 UX universal product number
 VA vendor's style
 VB vendor's engineering level
 VC vendor's catalog number
 VE vendor's color
 VI variable weight item
 VN seller's number
 VO vendor's order
 VP seller's number
 VS vendor's supplement
 VT vintage
 VU vendor's basic unit
 VV vehicle identification number
 VX vendor's specification
 WA random weight
 ZB CAGE code
 ZZ mutually agreed
236
 ACT actual
 ALT alternate
 AWP average wholesale
 BBP balance-based
 BCH base charge
 CAN cancelled
 CAT catalog
 CHG changed
 CON contract
 CUP confirmed unit price
 CUS custom
 DAP dealer adjusted
 DIS distributor's
 DPR discount
 DSC discount
 ELC estimated landed cost
 EST estimated
 FCH flat charge
 FDS frequent delivery
 FUP firm
 GOV government
 INV invoice
 LAR labor rate
 LPP lease to purchase
 LPR list
 MAX maximum
 MIN minimum
 MNC minimum charge
 MSR manufacturer's suggested
 NET net
 OPP original order
 PAQ price at quantity
 PBQ price beginning quantity
 PHS public health service
 PRF professional
 PRO producer's
 PRP promotional
 PUR purchase
 QTE quote
 REG regular
 RES resale
 RTL retail
 SDP suggested dealer net
 SLP suggested list
 SPC special
 STA standard
 SUM sum of the lines
 TOT total
 TRF transfer
 UCP unit cost
 WHL wholesale
248
 A allowance
 C charge
 N no allowance or charge
 P promotion
 Q charge requested
 R allowance requested
 S service
283
 01 mailed by
 02 received by
 03 transfer sent by
 04 funds deposited by
284
 3D three days
 AM morning
 CG ground
 CX express
 DC delivery confirmed
 DS door service
 ES expedited
 ET proof of delivery
 FC first class
 G2 standard
 IX express, worldwide
 ME metro
 ND next day, air
 NH next day, by the hundredweight
 NS not served
 ON overnight
 PA next day, primary area
 PB priority mail
 PI priority mail, insured
 PM afternoon
 PN next day, primary area
 PO postal
 PR next day, primary area
 SA same day
 SC second day, air
 SD Saturday
 SE second day
 SG standard ground
 SI standard ground, by the hundredweight
 ST standard class
286
 01 good
 02 damaged
 03 recouped
305
 C payment with remittance
 D payment only
 H notification
 I remittance only
 P prenotification
 U split payment and remittance
 X split at the choice of the handler
306
 1 add
 11 approve
 2 change
 21 disapprove
 24 on hold
 3 delete
 4 verify
 5 send
 51 complete
 6 receive
 7 request
 73 void
 A add a bill of lading
 AC acknowledge
 B cancel the balance
 C cancelled
 CF confirm
 CO correct
 D delete a bill of lading
 DE deny
 F final
 G cancel the whole
 I reissue
 IS issue
 NA nothing to do
 ND no change
 NS do not send
 RE release
 RL reschedule
 RU return
 RX replace
 SU suspend
 T status query
 U reject
 V respond
 WQ accept
 Z mutually agreed
309
 AC city and state
 CA country of origin
 CC country
 CI city
 CY county
 DC distribution center
 DE destination
 DL delivery location
 DO district office
 DP department
 DT domicile
 FA factory
 FF foreign forwarder
 FT foreign trade zone
 IA IATA
 IP postal code
 IS in store
 IT intermediate point
 KE port of embarkation
 KL port of loading
 MI mill
 OA origin, after loading
 OF other point
 OR origin
 OV on vessel
 PA port of arrival
 PB port of discharge
 PD place of delivery
 PE port of entry
 PL plant
 PP pool point
 PS five digit ZIP
 RG region
 RJ region
 SH school campus
 SL SPLC
 SN store
 SP state
 TL terminal cargo location
 TM terminal
 TR rail territory
 UN UN/LOCODE
 UT business unit
 WF wharf
 WH warehouse
 ZN zone
 ZZ mutually agreed
331
 01 billed back
 02 off invoice
 03 vendor's check
 04 credited to the account
 05 vendor pays the charge
 06 customer pays the charge
 07 optional
 08 off gross quantity
 09 allowance to be issued
 10 allowance to be issued
 11 charge denied
 12 allowance cancelled
 13 provide the amount
 15 for information
 18 tax not payable
 20 accrual fund
 21 flat fund
 25 cash in advance
 CA added to the invoice
 CC collect
 PP prepaid
 ZZ mutually agreed
333
 09 purchase order date
 1 ship date
 15 receipt of goods
 2 delivery date
 3 invoice date
 4 date given
 5 receipt of invoice
 6 expected delivery
 7 effective date
 8 transmission of invoice
 ZZ mutually agreed
334
 01 Incoterms
 02 trade terms
 ZZ mutually agreed
335
 CAF cost and freight
 CFR cost and freight
 CIF cost, insurance and freight
 CIP carriage and insurance paid
 CPT carriage paid
 DAF delivered at frontier
 DDP delivered duty paid
 DDU delivered duty unpaid
 DEQ delivered ex quay
 DES delivered ex ship
 DOM supplied domestically
 DUP delivered duty unpaid
 EXQ ex quay
 EXS ex ship
 EXW ex works
 FAS free alongside ship
 FCA free carrier
 FCP freight carriage paid
 FOB free on board
 FOR free on rail
 FOT free on truck
 ZZZ mutually agreed
336
 01 basic
 02 end of month
 03 fixed date
 04 deferred or installment
 05 no discount
 06 mixed
 07 extended
 08 basic discount offered
 09 proximo
 10 instant
 11 elective
 12 10 days after end of month
 13 seller will advise
 14 as agreed before
 15 special proximo
 16 prompt payment act
 17 not applicable
 18 fixed date, with late penalty
 19 liquidation
 20 progress payment
 21 fast pay
 22 cash discount
 23 due on receipt
 24 anticipation
 25 cash account
 26 cash in advance
 27 cash on arrival
 28 cash on request
 29 cash by law
 30 cash with order
 31 cash on delivery
 32 lease
 33 net month after invoice
 34 sold by note
 35 supplier's floor plan
 36 contract
 37 credit controlled
 38 dating given
 39 trade acceptance
 40 bill to bill
 41 letter of credit
 42 lump sum
 43 fixed fee
 44 cost plus
 45 bank transfer
 46 basic commission
 47 bill of exchange
 48 cash against documents
 49 certified check
 50 discount with advance payment
 52 discount with prompt payment
 58 irrevocable letter of credit
 61 order through the bank
 63 promissory notes
 64 secured account
 65 letter of credit at sight
 CA cancellation option
 CO consignment
 NC no charge
 PP prepayment
 ZZ mutually agreed
344
 DA calendar days
 DW working days
 HR hours
 MO months
 WK weeks
345
 AA from order to sample
 AB from tooling authorization to sample
 AC from tooling aids to sample
 AD from sample approval to first shipment
 AE from order to shipment
 AF from order to delivery
 AG from last booked order to delivery
 AL from order or contract
 AM from previous delivery
 AZ from receipt to approval
349
 F free form
 S from an industry list
 X from an industry list and free form
353
 00 original
 01 cancellation
 02 addition
 03 deletion
 04 change
 05 replacement
 06 confirmation
 07 duplicate
 08 status
 10 not found
 11 response
 12 not processed
 13 request
 14 advance notification
 15 resubmission
 16 proposed
 17 cancelled, to be reissued
 18 reissue
 19 change by the seller
 20 final transmission
 21 on hold
 22 information copy
 24 draft
 25 incremental
 26 replacement of given parts
 27 verification
 28 query
 30 renewal
 31 allowance
 32 deduction
 33 request for payment
 34 payment declined
 35 request for authority
 36 authority to deduct
 37 authority declined
 38 no financial value
 39 answer to a trip plan
 40 commitment
 41 corrected and verified
 42 temporary
 43 request to service
 44 rejection
 45 follow-up
 46 cancellation with refund
 47 transfer
 48 suspended
 49 original, no answer needed
 50 registration
 51 historical inquiry
 52 answer to a historical inquiry
 53 completion
 54 approval
 55 excavation
 56 expiration
 57 initial
 5C resubmission, charged
 77 simulation
 CN completion
 CO corrected
 EX final loading
 GR granted
 PR proposed loading
 RH hold released
 RV revised loading
 SB scan-based trading
 SU status update
 ZZ mutually agreed
355
 01 pounds, actual
 03 seconds
 04 small spray
 05 lift
 08 heat lots
 10 group
 12 packet
 15 stick
 1N count
 24 pounds, theoretical
 26 tons, actual
 2U megagrams
 2W bin
 50 kilograms, actual
 AA ball
 AB bulk pack
 AM ampoule
 AS assortment
 AY assembly
 BA bale
 BB base box
 BC bucket
 BD bundle
 BF board feet
 BG bag
 BI bar
 BJ band
 BK book
 BL block
 BN bulk
 BO bottle
 BR barrel
 BS basket
 BU bushel
 BX box
 C3 centiliter
 CA case
 CB carboy
 CC cubic centimeter
 CD carat
 CF cubic feet
 CG card
 CH container
 CI cubic inches
 CL cylinder
 CM centimeter
 CN can
 CP crate
 CQ cartridge
 CR cubic meter
 CS cassette
 CT carton
 CU cup
 CW hundredweight
 CX coil
 CY cubic yard
 DA days
 DG decigram
 DI dispenser
 DL deciliter
 DM decimeter
 DP dozen pair
 DR drum
 DS display
 DZ dozen
 EA each
 EV envelope
 FO fluid ounce
 FT foot
 GA gallon
 GH half gallon
 GM grams per square meter
 GR gram
 GS gross
 HD half dozen
 HF hundred feet
 HR hours
 HU hundred
 IN inch
 JR jar
 JU jug
 KE keg
 KG kilograms
 KT kit
 LB pounds
 LF linear foot
 LM linear meter
 LN length
 LO lot
 LT liter
 LY linear yard
 MC microgram
 ME milligram
 MJ minutes
 ML milliliter
 MM millimeter
 MN metric net ton
 MO months
 MP metric ton
 MR meter
 MT metric long ton
 MX mixed
 NC car
 NT trailer
 OA panel
 OP two pack
 OZ ounce
 P1 percent
 P3 three pack
 P4 four pack
 P5 five pack
 P6 six pack
 P8 eight pack
 PA pail
 PC piece
 PD pad
 PF pallet (lift)
 PG pounds, gross
 PH pack
 PK pack
 PL pallet
 PR pair
 PT pint
 PX pint, imperial
 QT quart
 RA rack
 RD rod
 RE reel
 RL roll
 RM ream
 SE section
 SF square foot
 SH sheet
 SI square inch
 SL sleeve
 SM square meter
 SO spool
 SP shelf pack
 SQ square
 ST set
 SV skid
 SX shipment
 SY square yard
 TB tube
 TE tote
 TH thousand
 TK tank
 TM thousand feet
 TN net ton
 TO troy ounce
 TR ten square feet
 TU thousand linear yards
 TY tray
 U2 tablet
 UN unit
 V1 flat
 V2 pouch
 VI vial
 WB wet pound
 WK weeks
 WP pennyweight
 YD yard
 YR years
 Z1 lift van
 Z3 cask
 ZZ mutually agreed
363
 ADD additional information
 CCC consumer
 CUS customs
 DEL delivery
 GEN whole document
 INT general instruction
 INV invoice instruction
 LIN line
 LOC location
 ORI order instruction
 OTH other
 PMT payment
 PRI priority
 PUR purchasing
 RPT report
 SPH special handling
 TRA transport
 WHI warehouse
 ZZZ mutually agreed
365
 AA international telephone
 AC voice message
 AD telephone at delivery
 AP other telephone
 AS answering service
 BN pager
 CP mobile telephone
 ED EDI access
 EM e-mail
 EX extension
 FT federal telephone
 FU fax user
 FX fax
 HF home fax
 HP home telephone
 IT international telephone
 MN modem
 NP night telephone
 PA appointment telephone
 PC private mobile
 PP private telephone
 TE telephone
 TL telex
 TM telemail
 UR web address
 VM voice mail
 WC mobile at work
 WF fax at work
 WP telephone at work
366
 AA authorized representative
 AC administrative contact
 AD accounting department
 AM administrator
 AP accounts payable
 AR accounts receivable
 BA broker
 BD buyer
 BI billing inquiries
 BL technical department
 BU business unit
 CA customer's contact
 CB changed by
 CE certifier
 CN general contact
 CR customer relations
 CW confirmed with
 DC delivery contact
 DE design engineer
 DI delivery instructions contact
 EA EDI coordinator
 EB entered by
 EC emergency contact of the shipper
 EM emergency contact
 EN engineer
 EX expeditor
 HM hazardous material contact
 IC information contact
 MG manager
 NT notification contact
 OC order contact
 OD order department
 PC purchasing contact
 PD project director
 PJ project manager
 QC quality coordinator
 RC rebate or chargeback contact
 RD receiving dock
 RE receiving contact
 RP responsible person
 RQ requester
 SA sales administration
 SC schedule contact
 SD shipping department
 SH shipper's contact
 SM submitting contact
 SP special program contact
 SR sales representative
 SU supplier's contact
 TA traffic administrator
 TE treasurer
 TR technical marketing
 WH warehouse
 WI witness
 ZZ mutually agreed
368
 AV available
 BK backordered before
 BO backordered
 BP shipped in part, rest backordered
 CC shipped complete
 CE extra items for the price break
 CK cancelled before
 CL complete
 CM complete, with more than ordered
 CP shipped in part, no backorder
 CS shipped with substitution
 CU line cancelled
 DD delivered
 DE order deleted
 DI discontinued
 DS out of stock
 ED to ship by
 EX to deliver by
 IC item cancelled
 IN in process
 IS substitute of an original item
 LM late
 LS last shipment
 NF not published yet
 NY no schedule
 OP out of print
 PD order complete
 PH on hold
 PR partial shipment
 PS in process, to ship on
 RC with the carrier
 RD revised ship date
 SA quantity more
 SC quantity less
 SD shipped damaged
 SE replacement
 SH shipped
 SI late, to ship on
 SP scheduled for production
 SS split shipment
 UN unavailable
 UR unsolicited report
 ZZ mutually agreed
371
 DC date
 EV estimated quantity
 GW gross weight per pack
 MP minimum order
 PC pack
 PQ pack qualifier
 PS product id
 QH on hand
 QO quantity ordered
 QP quantity for the price
 QT quantity price break
 SC size
 UM unit of measure
 UP unit price
 ZZ mutually agreed
374
 001 cancel after
 002 delivery requested
 003 invoice
 004 purchase order
 005 sailing
 006 sold
 007 effective
 008 order received
 009 processed
 010 requested ship
 011 shipped
 012 discount due
 013 net due
 014 deferred payment
 015 promotion starts
 016 promotion ends
 017 estimated delivery
 018 available
 019 unloaded
 020 check
 021 charge back
 022 freight bill
 023 promotion order starts
 024 promotion order ends
 025 promotion ship starts
 026 promotion ship ends
 027 promotion delivery starts
 028 promotion delivery ends
 035 delivered
 036 expiration
 037 ship not before
 038 ship no later
 039 ship in the week of
 042 superseded
 043 publication
 050 received
 051 cumulative quantity starts
 052 cumulative quantity ends
 055 confirmed
 056 estimated at port of entry
 057 at port of entry
 058 customs clearance
 059 inland shipment
 060 engineering change
 061 cancel if not delivered by
 063 do not deliver after
 064 do not deliver before
 065 first schedule delivery
 066 first schedule ship
 067 current schedule delivery
 068 current schedule ship
 069 promised
 070 scheduled delivery, after
 071 requested delivery, after
 072 promised delivery, after
 073 scheduled delivery, before
 074 requested delivery, before
 075 promised delivery, before
 076 scheduled delivery in the week of
 077 requested delivery in the week of
 078 promised delivery in the week of
 079 promised shipment
 080 scheduled shipment, after
 081 requested shipment, after
 082 promised shipment, after
 083 scheduled shipment, before
 084 requested shipment, before
 085 promised shipment, before
 086 scheduled shipment in the week of
 087 requested shipment in the week of
 088 promised shipment in the week of
 089 inquiry
 090 report starts
 091 report ends
 092 contract effective
 093 contract expires
 094 manufactured
 095 bill of lading
 096 discharged
 097 document created
 098 bid effective
 102 issued
 103 awarded
 106 required by
 107 deposit
 108 postmark
 109 at the lockbox
 110 originally scheduled shipment
 111 ship notice
 112 buyer's dock
 113 sample required
 118 requested pickup
 128 replacement effective
 129 customer contract effective
 131 item contract effective
 138 commercial rating
 140 actual
 144 estimated acceptance
 145 opening
 146 closing
 150 service starts
 151 service ends
 152 change effective
 161 loaded on vessel
 169 product available
 171 revision
 175 cancel if not shipped by
 177 cancellation
 180 no promise
 181 stop work
 184 inventory
 186 invoice period starts
 187 invoice period ends
 188 credit advice
 189 debit advice
 192 delivery ticket
 193 period starts
 194 period ends
 196 start
 197 end
 198 completion
 201 acceptance
 205 transmitted
 208 lot expires
 230 installed
 244 estimated start
 245 estimated completion
 275 approved
 276 contract starts
 318 added
 321 purchased
 328 changed
 370 departed
 371 estimated arrival
 372 arrived
 374 order ends
 405 produced
 472 service
 507 extract
 511 shelf life ends
 581 contract period
 582 report period
 598 rejected
 600 as of
 636 last update
 771 status
 809 posted
 810 document received
 814 payment due
 815 maturity
 842 last production
 938 order
 945 activity
 992 requested
 993 request for quotation
 994 quote
 996 required delivery
 999 document
378
 1 item list cost
 2 item net cost
 3 discount or gross
 4 discount or net
 5 base price per unit
 6 base price amount
 8 net monthly
 9 base of the late payment charge
 H hourly rate
 Z mutually agreed
381
 A bid
 B backorder
 C cents off label
 D distress goods
 E reorder
 F introductory
 G grand opening
 Q quote
 T price protection
 X other
399
 1 no exchange
 2 exchanged
 3 returned
 4 bought by the customer
 5 third party exchange
407
 01 intact
 02 broken
 03 missing
 04 replaced
412
 01 damaged
 02 short
 03 over
 04 quality
 05 wrong product
 06 nonstandard container
 07 good
 08 rejected
 09 on hold
 10 scrapped
 12 over, returned
 13 received, cannot be processed
 14 received and processed
 16 not received
426
 01 pricing error
 02 allowance or charge error
 03 extension error
 04 item not accepted, damaged
 05 item not accepted, quality
 06 quantity contested
 07 incorrect product
 08 substituted product
 09 terms of sale error
 10 pallet or container charge error
 11 returns, damage
 12 returns, quality
 13 returns, dating
 14 returns, promotion
 15 returns, recall
 16 charge outside the invoice
 20 balance due declined
 48 service charge
 49 processing charge
 50 late charge
 51 interest
 52 earlier overpayment
 53 earlier underpayment
 54 freight deducted
 55 tax deducted
 56 advertising allowance taken
 57 volume discount taken
 58 invoice after cut-off
 59 item not received
 60 no open item
 61 no open order
 62 description error
 70 ship notice not received
 71 advertising allowance
 72 authorized return
 73 bill of lading not received
 74 earlier credit adjusted
 75 order not received
 76 cash discount
 77 competitive allowance
 78 competitive price
 79 cooperative advertising
 80 overpayment
 81 credit as agreed
 82 defective allowance
 83 delivery charge
 84 off the order date
 85 distribution allowance
 86 duplicate payment
 87 duplicate shipment
 88 duty variance
 89 early buy allowance
 90 early payment allowance
 91 engraving charge
 92 shipment not ordered
 93 destroyed in the field
 94 fixtures charge
 95 floor stock protection
 96 goods to follow
 97 handling charge
 98 labor charge
 99 late shipment
 A2 wrong product
 A3 new store allowance
 A4 goods not received
 A5 overage
 A6 packing violation
 A7 payment on account
 A8 promotional allowance
 A9 proof of delivery not received
 AQ overstock returned
 AS discontinued returned
 B1 proof of shipment not received
 B2 rebate
 B4 refurbishing charge
 B5 repair
 B7 restocking charge
 B8 routing violation
 B9 samples not received
 BF return allowance
 C2 special allowance
 C8 ticketing error
 C9 ticketing service
 CM covered by credit memo
 CS adjustment
 D3 unauthorized deduction
 D4 unauthorized product
 D5 volume discount
 E1 recouped
 E2 covered by debit memo
 E4 warehouse price protection
 E5 invoice price protection
 E9 order cancelled
 F1 defective
 GA free goods
 GB coupon
 GC market development funds
 GD samples
 GE slotting charge
 GG unsalable goods
 IA amount does not match the order
 L1 audit
 L2 discount
 L3 penalty
 L5 interest due
 L7 other deductions
 L8 other credits
 PT payment
 RD receiving discrepancy
 RM returned material
 SC service cancelled
 SF freight charge
 ZZ mutually agreed
432
 01 cancel after
 02 delivery requested
 03 invoice
 04 purchase order
 05 sailing
 06 sold
 07 effective
 08 order received
 09 processed
 10 requested ship
 11 shipped
 12 discount due
 13 net due
 14 preferred payment
 15 promotion starts
 16 promotion ends
 17 estimated delivery
 18 available
 19 unloaded
 20 check
 21 charge back
 22 freight bill
 23 promotion order starts
 24 promotion order ends
 25 promotion ship starts
 26 promotion ship ends
 27 promotion delivery starts
 28 promotion delivery ends
 29 promotion performance starts
 30 promotion performance ends
 35 delivered
 36 expiration
 37 ship not before
 38 ship no later
 39 ship in the week of
 40 original order
 41 invoice created
 42 buying period starts
 43 buying period ends
 45 notified
 47 released
 48 customs release
 49 duty paid
 52 ordered
 53 deliver not before
 54 deliver no later
 55 deliver in the week of
 56 free time ends
 57 guarantee ends
 58 last order at the old price
 59 last arrival at the old price
 60 last shipment at the old price
 61 new price
 62 accrual starts
 63 accrual ends
 64 answer by
 67 delivered by
 68 requested delivery
 69 scheduled pickup
 70 scheduled delivery
 76 bill of lading
 77 pickup appointment scheduled
 78 delivery appointment scheduled
 79 pickup requested
 80 delivery requested
 81 pickup appointment granted
 82 delivery appointment granted
 83 equipment furnished
 85 issued
 86 picked up
 87 first order
 88 first shipment
 89 first arrival
 90 requested pack
 91 superseded
 BD required by
 BF packed
 BG backorder released
 BH offered for delivery
 BJ shelf life ends
 BL manufactured
 BS product received
 BT acceptance
 BU rejection
 BV recorded
 BW signed
 CA cut-off
 CL loading completed
 EP earliest pickup
 LC loading started
 LP latest pickup
 PE period ends
441
 0 exempt, export
 1 exempt
 2 not exempt
 3 exempt, for resale
 4 not exempt, for resale
 5 exempt, not for resale
 6 not exempt, not for resale
 7 direct pay
 8 exempt, federal sale
 9 exempt by state law
 C not taxable
 T totally exempt
 U usage exempt
473
 A for information
 C confirmation
 D delete
 F cancel
 N original
 R change
 S future dated
478
 C credit
 D debit
479
 AG application advice
 AN return authorization
 AR stock transfer shipment
 AW inventory adjustment
 CA change acknowledgments
 CD credits and debits
 FA functional acknowledgments
 GF load tender answers
 GP grocery invoices
 IB inventory
 IM freight invoices
 IN invoices
 OG grocery orders
 OW warehouse orders
 PC changes
 PD product activity
 PO purchase orders
 PR acknowledgments
 QM shipment status
 RA payments
 RE stock transfer receipts
 RF routing requests
 RG routing instructions
 RS order status
 SC price catalogs
 SH ship notices
 SM load tenders
 SW warehouse shipping advice
481
 1 current transaction
 2 referenced traces
 3 reassociation
482
 AJ adjustment
 ER evaluated receipt
 FL final
 NS not specified
 PA payment in advance
 PI pay item
 PO pay on account
 PP partial payment
 PR progress payment
506
 01 ABA number
 02 SWIFT
 03 CHIPS
 04 Canadian bank and branch
 ZZ mutually agreed
522
 1 line total
 2 batch total
 3 deposit total
 5 total invoice
 BM adjustments
 D payor's amount
 GW total charge
 KK gross amount of the item
 N net
 NS net
 OH handling
 R spend down
 T tax
 TP total payment
 TT total order amount
529
 AD decrease
 AJ adjustment
 BO bonded
 CM committed
 DM damaged
 DP destroyed
 DU dual adjustment
 IT in transit
 PA physical count
 QU quarantined
 RC receipts
 RD reconditioned
 RE recouped
 RT retail stock
 SA saleable
 WH wholesale stock
558
 A accepted
 B conditional acceptance
 C counter proposal
 D cancelled
 E declined
 N new
 R deleted
 S split
 U changed
 V other vessel
559
 AB buyer's list
 AI auto industry
 AP American Petroleum Institute
 AS seller's list
 BI book industry
 CI chemical industry
 CS construction specification
 DD DoD
 DF DoD
 EX electronics industry
 FA fabric suppliers
 FD UCS
 GS general services
 GU natural gas
 HI health insurance
 MA mortgage bankers
 MI microcomputer industry
 PA paper institute
 SA SAE
 ST iron and steel institute
 TI telecommunications
 TX apparel manufacturers
 UN United Nations
 VI VICS
 ZZ mutually agreed
569
 01 time deposit
 03 checking
 DA checking
 SG savings
587
 AC accepted with changes
 AD accepted as ordered
 AE exceptions only
 AH on hold
 AK accepted
 AP product replenished
 AT accepted
 NA no answer needed
 RD rejected
 RF rejected, exceptions only
 RJ rejected
 RN rejected, not as agreed
 RO counter offer
 RV rejected, against the practice
 ZZ mutually agreed
591
 ACH clearing house
 BOP bank's choice
 CCC credit card
 CHK check
 CWT CHIPS
 DEB debit card
 EBX EDIBANX
 FEW federal wire
 FWT federal wire
 NON no payment
 PRO proprietary network
 SWT SWIFT
 X12 X12 payment
 ZZZ mutually agreed
618
 1 set not supported
 18 set not in group
 19 guide reference invalid
 2 trailer missing
 23 control number not unique
 3 control numbers differ
 4 number of segments wrong
 5 segments in error
 6 set identifier wrong
 7 control number wrong
 I6 guide not supported
620
 1 no such segment
 2 not expected
 3 mandatory, missing
 4 loop too often
 5 segment too often
 6 not in this set
 7 out of sequence
 8 element errors
 I4 guide: not used, present
 I6 guide: required, missing
 I7 guide: loop too seldom
 I8 guide: segment too seldom
 I9 guide: segment not used
621
 1 mandatory, missing
 10 excluded
 12 too many repetitions
 13 too many components
 2 conditional, missing
 3 too many elements
 4 too short
 5 too long
 6 invalid character
 7 invalid code
 8 invalid date
 9 invalid time
 I10 guide: not used, present
 I11 guide: too few repetitions
 I12 guide: pattern not matched
 I13 guide: not used, present
 I6 guide: code not allowed
 I9 guide: required, missing
623
 AT Alaska
 CD central, daylight
 CS central, standard
 CT central
 ED eastern, daylight
 ES eastern, standard
 ET eastern
 GM Greenwich
 LT local
 MD mountain, daylight
 MS mountain, standard
 MT mountain
 PD Pacific, daylight
 PS Pacific, standard
 PT Pacific
 UT universal
626
 A schedule increased
639
 BW biweekly
 CA catalogue
 CP current price
 CT contract
 DI distributor
 DP daily
 DS discounted
 ES estimated
 FB fabrication cost
 FO formula
 FX fixed
 HF per hundred feet
 HP per hundred
 HT per 100,000
 LD catalogue per dozen
 LE catalogue per each
 LM per thousand linear
 NC no charge
 NE not to exceed
 NT net
 PD per dozen
 PE per each
 PF per foot
 PG per gram
 PK per kilogram
 PL per liter
 PM monthly
 PN per ten
 PO per ounce
 PP per pound
 PQ posted
 PR promotion
 PS per square foot
 PT per ton
 PU per unit
 PV provisional
 PY per yard
 QT quoted
 RC retail
 RE retail per each
 RS resale
 SM twice a month
 SR suggested retail
 ST standard
 TB to be negotiated
 TE contract per each
 TF per thousand feet
 TP per thousand
 TT per 10,000
 UM per unit of measure
 WD wholesale per dozen
 WE wholesale per each
 WH wholesale
640
 BL blanket
 CA cash
 CI consolidated invoice
 CN credit invoice
 CO corrected
 CR credit memo
 DC debit commission
 DI debit invoice
 DR debit memo
 FB final bill
 FE memorandum
 JU judgment
 ME memo
 NA material release
 PP prepaid invoice
 PR product or service
 RA request for credit
 RE rebill
 RG revised final
 SA stand-alone
 SL summary
 WO work order
 ZZ mutually agreed
647
 003 billed twice
 006 duplicate
 007 data missing
 811 too far in advance
 814 after the cut-off
 815 duplicate batch
 817 duplicate trace number
 818 totals missing
 847 account closed or unknown
 CUR invalid currency
 DTE invalid date
 DUP duplicate
 ICA invalid amount
 IID invalid id
 INC incomplete
 IQT invalid quantity
 IWT invalid weight
 MID missing id
 MQT missing quantity
 MWT missing weight
 OTH other
 PND payment pending
 POI order unknown
 PPD previously paid
 QTY quantity
 RTN returned
 T unauthorized
 UNP unit price error
 ZZZ mutually agreed
648
 CSD markup on original cost
 CSR markup on retail cost
 DIS discount
 ILP markup on wholesale cost
 PSP percent solution
 SEL selling
653
 AMT fixed amount
 CSH percent for cash
 DOR amount per unit ordered
 DPU amount per unit purchased
 DSH amount per unit shipped
 DSV amount per service
 POR percent per unit ordered
 PPU percent per unit purchased
 PSH percent per unit shipped
 PSV percent per service
 UNT free units
 ZZZ mutually agreed
662
 A added
 D deleted
 I included
 O information only
 S substituted
668
 AA forwarded to another location
 AC accepted and shipped
 AR accepted, released for shipment
 BP part shipped, rest backordered
 DR rescheduled
 IA accepted
 IB backordered
 IC accepted with changes
 ID deleted
 IE accepted, price pending
 IF on hold, incomplete description
 IH on hold
 IP price changed
 IQ quantity changed
 IR rejected
 IS substituted
 IW on hold, waiver required
 R1 not a contract item
 R2 item not known
 R3 rejected, unit of issue
 R4 contract item not available
 R5 rejected, to be reordered
 R6 rejected, to be reordered with longer delivery
 R7 rejected, to be reordered as drop ship
 R8 rejected, to be reordered as surge
 SP schedule date pending
670
 AA packing
 AI add
 CA change
 CB date terms
 CC terms
 CD change (003020 and before)
 CE allowance or charge of the line
 CF cancel
 CG allowance or charge of the order
 CH original confirmation changed
 CI revised confirmation changed
 CT dates
 DI delete
 MU unit price and quantity
 NC no change
 OA revision confirmed
 OC original confirmed
 PC price
 PQ price and quantity
 PR price and schedule
 QC quantity change
 QD less
 QI more
 RA mode of shipment
 RB all dates
 RC change rejected
 RE replace item
 RM replace item with changes
 RQ schedule and quantity
 RS schedule
 RZ replace
 TI transfer item
672
 FI finished
 LB labor
 MT material
 PQ cumulative required
 PR released before
673
 01 discrete
 02 cumulative
 17 on hand
 20 unusable
 29 projected available
 32 sold
 33 available for sale
 35 on shelf and in work
 37 work in process
 38 original
 39 shipped
 63 on order
 77 transfers in
 83 sold, as submitted
 87 received
 90 acknowledged
 94 billable
 99 used
 BQ backordered
 MI miles
 MX maximum
 OR original
 QA approved
 QC disapproved
 QD delivered
 QE deferred
 QH on hand
 QP by position
 QS per skid
 QU serviced
 SA shipments
 V2 available
 VR variance
675
 AD authorized delivery
 AS authorized shipment
 BB customer production
 DL delivery
 JS production sequence
 KB kanban signal
 PD planned delivery
 PR planned requirement
 PS planned shipment
 SH shipment
 ZZ mutually agreed
676
 A actual discrete
 C cumulative
 D net change
 R replacement
678
 A Monday to Friday
 D Monday
 N as directed
 O daily, Monday to Friday
 S once, Monday to Friday
 Y none
 Z mutually agreed
679
 A first shift
 B second shift
 C third shift
 F as directed
 G any shift
 Y none
680
 A immediate
 B pilot
 C firm
 D planning
 Z mutually agreed
681
 A yearly
 C daily
 D discrete
 F from date to date
 M monthly
 Q quarterly
 S half-yearly
 T four weeks
 W weekly
 X weekly, seven days
 Z mutually agreed
683
 CP customized catalog
 PC price catalog
 PS price sheet
 RC resale catalog
 SC sales catalog
687
 DE dealer
 DR drug store
 GV government
 IN institutional
 OE original equipment
 RS resale
 ST stationer
 WS user
704
 1 starts the report
 2 to be filed
 3 complete
 4 notarize
 5 generate
 DM missing
 ON original not needed
 OR original needed
 PV provided
 SG sign
706
 01 parent
 02 child
715
 A accepted
 E accepted, errors noted
 M rejected, authentication failed
 P accepted in part
 R rejected
 W rejected, security
 X rejected, not decrypted
716
 1 group not supported
 10 authentication key unknown
 11 encryption key unknown
 12 service not available
 13 security recipient unknown
 14 security originator unknown
 15 syntax error after decryption
 16 security not supported
 17 encrypted length wrong
 18 authentication failed
 19 control number not unique
 2 version not supported
 23 S3E missing
 24 S3S missing
 25 S4E missing
 26 S4S missing
 3 trailer missing
 4 control numbers differ
 5 number of sets wrong
 6 control number wrong
717
 A accepted
 E accepted, errors noted
 M rejected, authentication failed
 R rejected
 W rejected, security
 X rejected, not decrypted
718
 1 set not supported
 10 service not available
 11 security recipient unknown
 12 encrypted length wrong
 13 authentication failed
 15 security originator unknown
 16 syntax error after decryption
 17 security not supported
 18 set not in group
 19 security trailer missing
 2 trailer missing
 20 security header missing
 21 assurance trailer missing
 22 assurance header missing
 23 control number not unique
 3 control numbers differ
 4 number of segments wrong
 5 segments in error
 6 set identifier wrong
 7 control number wrong
 8 authentication key unknown
 9 encryption key unknown
720
 1 no such segment
 2 not expected
 3 mandatory, missing
 4 loop too often
 5 segment too often
 6 not in this set
 7 out of sequence
 8 element errors
723
 1 mandatory, missing
 10 excluded
 12 too many repetitions
 13 too many components
 2 conditional, missing
 3 too many elements
 4 too short
 5 too long
 6 invalid character
 7 invalid code
 8 invalid date
 9 invalid time
731
 BS buyer to seller
 SB seller to buyer
 SC subcontractor to seller
 SD seller to drop-ship address
 SF seller to forwarder
 SS seller to subcontractor
 ZZ mutually agreed
732
 AA hours by air
 AD days by air
 CD calendar days
 CW calendar weeks
 HO hours
 SD days by surface
 SH hours by surface
 WD working days
 WW working weeks
 ZZ mutually agreed
735
 20 information source
 21 information receiver
 22 subscriber
 23 dependent
 A assembly
 B buyer's location
 D product description
 E transport equipment
 F component
 I item
 K kit
 O order
 P pack
 Q subpack
 R quantity
 S shipment
 SH sheet
 ST state
 T tare
 U subassembly
 V address
 W transaction reference
 X serial number
 Y suffix
 ZZ mutually agreed
736
 0 no
 1 yes
737
 CT counts
 PD physical dimensions
 PK packaging
 WT weights
738
 A consolidated weight
 B billed weight
 G gross weight
 HT height
 LN length
 N net weight
 T tare weight
 TC temperature
 VOL volume
 WD width
 WT weight
743
 C customer
 F free
 S supplier
750
 08 product
 09 sub-product
 35 color
 38 grade
 73 vendor's color
 74 vendor's size
 75 buyer's color
 91 size
 GD grain direction
 MA material
 TRN trade name
753
 01 casing
 02 recycling
 35 type of package
 36 package specification
 37 package protection
 38 tarping
 CD cleaning or drying
 CS shape
 PK packaging
 PM preservation
 UC unit container
755
 CP certificate of compliance
 DW drawing
 IV invoice
 MD material data
 PA part drawing
756
 AA available on request
 BM by mail
 EL electronic
 EM e-mail
 FT file transfer
 FX by fax
783
 AA ordering forecast
 MM manufacturer to manufacturer
 MN consumer sales forecast
 PS purchaser to seller
 XA requirement forecast
859
 DG damaged
 HL on hold
 LS lost sales
 OF off premise
 OH gross on hand
 OP on premise sales
 OQ planned order
 PA production adjustment
 PO reorder point
 Q1 sold, net
 Q2 returned
 Q3 returned, defective
 QA available to ship
 QB beginning balance
 QC committed
 QD additional demand
 QE ending balance
 QF in bond
 QH damaged or on hold
 QI in transit
 QL minimum stock
 QM maximum stock
 QN planned stock
 QO out of stock
 QP on order
 QR received
 QS sold
 QT adjusted
 QU returned by consumer
 QW withdrawn from warehouse
 QX requested
 QZ transferred
 RE retail sales
 TS total sales
 WQ wholesale sales
883
 1 aluminum
 2 as specified
 3 metal
 4 standard
 5 steel
 6 wood
 7 slip sheet
 8 soft wood
889
 C correct and send again
 D send the whole claim again
 E send this item again
 N do not send again
 P send the original again
 R may be sent again
 S do not send again, inquiry started
 W wait 30 days and send again
 X wait 10 days and send again
 Y do not send again, held here
935
 03 approximately
 04 equal to
 05 greater than or equal
 06 greater than
 07 less than
 08 less than or equal
 10 not equal
951
 A adjustment
 P previous
 Y year to date
955
 CD customer's code
 SP state
 VD vendor's code
 VE Vertex
962
 1 receiving advice
 2 advice after receipt
963
 CA city sales tax
 CG federal goods and services tax
 CP county tax
 CS city sales tax
 CT county tax
 CV federal value added tax on services
 EV environmental tax
 F1 FICA
 FD federal tax
 FF fuel tax
 FT federal excise tax
 GR gross receipts tax
 GS goods and services tax
 HZ hazardous waste tax
 LS state and local sales tax
 LT local sales tax
 LU underground storage tax
 MP municipal tax
 OH other taxes
 OT occupational tax
 PG provincial goods tax
 PS provincial sales tax
 SA state tax
 SE state excise tax
 SF superfund tax
 SL state and local tax
 SP state or provincial tax
 SR state rental tax
 SS state tax on services
 ST state sales tax
 SU sales and use tax
 TX all taxes
 UT utility tax
 VA value added tax
 ZA tax A
 ZZ mutually agreed
1005
 0001 shipment, order, pack, item
 0002 shipment, order, item, pack
 0003 shipment, pack, order, item
 0004 shipment, order, item
 0017 subscriber, dependent
 0035 address, shipment, order
 ZZZZ mutually agreed
1019
 IBM by mail
 IEL electronically
 INR not required
1065
 1 person
 2 organization
1073
 N no
 U unknown
 W not applicable
 Y yes
1250
 CM year and month
 CY year
 D6 YYMMDD
 D8 CCYYMMDD
 DB MMDDCCYY
 DT date and time
 RD8 period
 TM hours and minutes
1280
 E east
 N north
 S south
 W west
1292
 CR customer returns to vendor
 DI dispose
 KA keep, with an allowance
 KR keep and repair
 MW warranty service
 PA authorized in part
 RA return with authorization
 RD request denied
 RF return for repair
 RN return without authorization
 RP authorization pending
 RT to a third party
 SC to charity
 SD to a third party to dispose
1293
 BC past its code date
 CO ordered in error
 CV color varies
 DA damaged
 DI discontinued
 DM defective
 DP defective packaging
 DR defective or returned
 DT damaged in transit
 EI excess stock
 EO end of season
 EW worn
 LP label
 MD markdown
 NA not as expected
 OP old packaging
 PE price error
 PF poor fit
 PR recalled product
 PS spoiled
 PW poor workmanship
 RE recall
 SD short-dated
 SM samples
 SP shipped after the cancel date
 SR stock reduction
 ST style
 TE termination
 WG wrong goods
1300
 A010 absolute minimum charge
 A020 access charge
 A170 adjustments
 A172 administrative
 A260 advertising allowance
 A310 air express
 A400 allowance, not performed
 A520 base charge
 A990 cataloging
 B000 central buy
 B210 co-op credit
 B310 commission
 B320 competitive allowance
 B720 cooperative advertising
 B750 core charge
 B800 credit
 B840 customer account
 B950 damaged merchandise
 C000 defective allowance
 C040 delivery
 C110 deposit
 C260 discount, incentive
 C300 discount, special
 C310 discount
 C320 dispatch
 C350 distribution allowance
 C400 documentation
 C530 duty
 C540 early buy allowance
 C560 early shipment
 C650 fuel surcharge
 C930 export shipping
 D170 free goods
 D200 freight to destination
 D240 freight
 D260 fuel charge
 D270 fuel surcharge
 D360 goods and services tax
 D500 handling
 D900 installation
 D980 insurance
 D995 interest
 E170 labels
 E190 labor
 E270 late order charge
 E560 marking or tagging
 E730 new item allowance
 E740 new store allowance
 F050 other
 F060 other
 F110 overrun
 F155 packaging
 F180 pallet
 F190 pallet
 F340 pickup
 F560 premium transportation
 F580 preparation and delivery
 F670 price and marketing
 F680 price deviation
 F800 promotional allowance
 F810 promotional discount
 F910 quantity discount
 F920 quantity surcharge
 F970 rebate
 G470 restocking
 G530 rework
 G740 service
 G760 setup
 G821 shipping
 G830 shipping and handling
 G960 slotting allowance
 H000 special allowance
 H010 special
 H060 special equipment
 H090 special handling
 H151 special services
 H550 surcharge
 H650 tax
 H660 tax, excise
 H670 tax, federal excise
 H680 tax, government
 H700 tax, local
 H740 tax, sales
 H750 tax, sales and use
 H770 tax, state
 H780 tax, superfund
 H850 tax
 H920 temporary allowance
 I170 trade discount
 I180 trade-in
 I310 truckload discount
 I410 unsalable merchandise
 I530 volume discount
 I570 warehouse
 ZZZZ mutually agreed
1650
 A3 returned to shipper
 A7 refused by consignee
 A9 damaged
 AF departed pickup
 AG estimated delivery
 AH delivery attempted
 AI reconsigned
 AJ tendered for delivery
 AM loaded on truck
 AN diverted to air
 AP not delivered
 AR arrived by rail
 AV available for delivery
 B6 estimated at carrier's terminal
 BA with the connecting line
 BC stored in transit
 C1 estimated departure from terminal
 CA cancelled
 CD departed delivery
 CL trailer closed
 CP loaded at pickup
 D1 unloaded at delivery
 I1 gated in
 J1 with the connecting line
 K1 at customs
 L1 loading
 OA gated out
 OO papers received, no equipment
 P1 departed terminal
 PR customs hold
 R1 received from prior carrier
 RL left origin by rail
 S1 trailer spotted at consignee
 SD delayed
 X1 arrived at delivery
 X2 estimated arrival
 X3 arrived at pickup
 X4 arrived at terminal
 X5 at delivery dock
 X6 en route
 X8 at pickup dock
 XB acknowledged
1651
 A1 missed delivery
 A2 wrong address
 A3 indirect delivery
 A5 not located
 A6 address corrected
 AA mis-sorted
 AD customer wants it later
 AF accident
 AG consignee
 AH driver
 AI breakdown
 AJ other carrier
 AL previous stop
 AM shipper
 AN holiday
 AO weather
 AQ nobody to receive
 AS customs papers
 AV exceeds service limits
 AW past cut-off
 AX not enough pickup time
 AY missed pickup
 B1 consignee closed
 B4 held for payment
 B5 held for consignee
 B9 receiving hours
 BB held for shipper
 BC papers missing
 BD border
 BE road conditions
 BF carrier's keying error
 BG other
 BI cartage agent
 BJ customer wanted it earlier
 BK appointment arranged
 BP load shifted
 BQ overweight
 BS refused by customer
 BT returned to shipper
 C1 customer will pick up
 C2 credit hold
 C3 suspended by customer
 C5 strike
 C6 awaiting instructions
 C8 payment on delivery required
 CA customs
 D1 dispatch error
 D2 no driver
 HB awaiting appointment
 NA normal appointment
 NS normal
 P1 processing delay
 P2 awaiting inspection
 RC reconsigned
 S1 short
 T3 no trailer
1652
 AA pickup appointment
 AB delivery appointment
 AC estimated
 EP earliest pickup
 LD latest delivery
 LP latest pickup
 X9 delivery appointment secured
 XA pickup appointment secured
1658
 CPT capacity type
 CPU no capacity
 EQT equipment type
 EQU no equipment
 LNH length of haul
 PRM permits
 WGT weight
I01
 00 none
 03 additional identification
I03
 00 none
 01 password
I05
 01 DUNS
 02 SCAC
 07 GLN
 08 UCC id
 12 telephone
 14 DUNS with suffix
 ZZ mutually agreed
I14
 I information
 P production
 T test
I17
 A accepted
 E accepted, errors noted
 R rejected
I18
 000 no error
 001 control numbers differ
 002 ISA11 not supported
 003 version not supported
 004 segment terminator
 005 sender qualifier
 006 sender
 007 receiver qualifier
 008 receiver
 009 receiver unknown
 010 authorization qualifier
 011 authorization
 012 security qualifier
 013 security
 014 date
 015 time
 016 standards
 017 version
 018 control number
 019 acknowledgment requested
 020 usage
 021 number of groups
 022 control structure
 023 end of file
 024 content
 025 control number repeated
 026 element separator
 027 component separator
`;
