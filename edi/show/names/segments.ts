/** Segments by id, in our own words. One a line: id, name. */
export const segmentNameText = `
AAA why a request fails
ACK line status
ADV advertising
ADX adjustment of an amount
AIN income
AK1 group answered
AK2 set answered
AK3 segment in error
AK4 element in error
AK5 set result
AK9 group result
AMT amount
ASM settlement of an amount
AT accounting data
AT5 how freight is handled
AT7 status of a shipment
AT8 weight, packages and volume
AT9 size of a trailer or container
ATH authorization to make or buy
ATN attendance
B1 beginning of booking or tender answer
B10 beginning of shipment status
B2 beginning of load tender
B2A purpose
B3 beginning of freight invoice
BAK beginning of acknowledgment
BAL balance
BCA beginning of change acknowledgment
BCD beginning of credit or debit
BCH beginning of change
BCT beginning of catalog
BEG beginning of purchase order
BFR beginning of forecast
BGN beginning of document
BIA beginning of inventory
BIG beginning of invoice
BIN binary data
BLI item
BLR carrier
BMG beginning of message
BNX rail shipment
BPR beginning of payment
BPS beginning of payment
BRA beginning of receiving advice
BSI beginning of status inquiry
BSN beginning of ship notice
BSR beginning of order status
BSS beginning of shipping schedule
C2 bank
C3 currency
CAD carrier detail
CB1 cost accounting standards
CD3 carton
CDD line of credit or debit
CLD load
CMC commodity class
CN1 contract
CRC condition that applies
CRD content reporting
CS contract summary
CSD consolidated shipment
CSH sales requirements
CTB restriction
CTP pricing information
CTT totals
CTX context of an error
CUR currency
DD demand
DED deduction
DIS discount
DMG personal data
DTM date
DTP date or period
EFI format of an attachment
EMS employment
ENT entity
ETD excess transportation
FA1 kind of accounting
FA2 accounting code
FOB delivery terms
FST forecast
G01 beginning of grocery invoice
G08 pallet receipt
G17 invoice line
G19 line difference
G20 packing
G23 payment terms
G25 delivery terms
G26 price condition
G27 carrier
G31 total quantity
G33 total amount
G36 price list
G38 payment of a claim
G39 selling unit
G40 bracket price
G43 price list area
G50 beginning of grocery order
G53 kind of maintenance
G54 module
G55 consumer unit
G61 contact
G62 date
G66 transport instructions
G68 order line
G69 line description
G70 more of the line
G72 allowance or charge
G73 description of an allowance or charge
G76 order totals
G86 signature
G93 price bracket
G95 performance asked for
GE end of group
GF furnished goods
GS beginning of group
H1 hazardous material
H2 more of a hazardous material
H3 special handling
H6 special services
HD health cover
HL level
IEA end of interchange
IK3 segment in error
IK4 element in error
IK5 set result
IN2 part of a person's name
INC installment
INS insured person
INV investment chosen
ISA beginning of interchange
ISR item status
ISS totals of what was shipped
IT1 invoice line
IT3 shipping status of the line
IT8 conditions of sale
ITA allowance or charge
ITD payment terms
JIT just-in-time delivery
K1 remarks
L0 quantity and weight
L1 rate and charges
L11 reference
L3 total weight and charges
L4 dimensions
L5 description of the freight
L7 tariff
L9 charge
LAD lading
LDT lead time
LE end of bounded loop
LEP environmental data
LFG hazardous finished goods
LFH hazardous shipment text
LH1 hazardous identification
LH2 hazardous class
LH3 hazardous shipping name
LH4 Canadian dangerous goods
LH6 hazardous certification
LHE empty hazardous equipment
LHR hazardous reference
LHT hazardous goods across the border
LIN item identification
LM source of codes
LOC location
LQ code of an industry list
LS beginning of bounded loop
LX line number
M7 seals
MAN marks and numbers
MEA measurement
MIT message identification
MS1 where the equipment is
MS2 equipment
MS3 carrier on the route
MSG message
MSI shipment with several stops
MTX text
N1 party
N11 store
N2 more of the name
N3 street
N4 place
N7 equipment
N7A accessories of equipment
N7B more of the equipment
N9 reference
NM1 person or organization
NTE note
NX2 part of an address
OID order in the shipment
OTI document answered
PAL pallet
PAM amount over a period
PCT percentage
PD pricing of a proposal
PDD detail of a proposal
PEN pension
PER contact
PID description
PKG packaging
PKL multi-pack
PLD pallets in the shipment
PO1 order line
PO3 more of the line
PO4 pack
POC line change
POD proof of delivery
PRF purchase order reference
PRS release of a part
PWK paperwork
PYD deduction from pay
Q5 status
Q6 shipment detail
Q7 exception with the freight
QTY quantity
R2 route
R3 route by road
R4 port
RCD received quantity
RDM how the remittance is sent
RDR reason and handling of a return
RED data the error concerns
REF reference
RMR paid item
RMT remittance
RPA rate
RTT freight rate
RYL royalty
S1E end of security
S1S beginning of security
S2E end of assurance
S2S beginning of assurance
S5 stop
SAC allowance or charge
SCH schedule
SDP delivery pattern
SDQ quantities by location
SE end of set
SHD shipment detail
SHP shipped or received
SI service characteristic
SLN sub-line
SMD consolidated shipment
SN1 shipped quantity
SPI specification
SPO order in the shipment
SR schedule of a service
SSS special service
ST beginning of set
TA1 interchange result
TAX tax identity
TC2 commodity
TD1 packages and weight
TD3 equipment
TD4 handling and hazards
TD5 routing
TDS invoice total
TED error found
TRD ingredient
TRN trace
TRT kind of item
TSD trailer
TXI tax
TXP tax payment
UIT unit
USI units in the shipment
V1 vessel
V9 event
VEH vehicle
W01 warehouse order line
W03 shipment totals
W04 shipped item total
W05 beginning of warehouse order
W06 beginning of warehouse shipment
W07 item to receive
W08 carrier of the receipt
W09 equipment and temperature
W10 more of the carrier
W12 warehouse item
W13 exception with an item
W14 receipt totals
W15 beginning of adjustment
W17 beginning of receipt
W18 probe temperatures
W19 adjusted item
W20 packing
W27 carrier
W28 consolidation
W6 special handling
W66 carrier wanted
W76 order totals
XPO preassigned order numbers
XQ reporting period
Y6 authentication
YNQ yes or no
ZA product activity
`;
