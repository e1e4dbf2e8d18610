#!/usr/bin/perl
# Judges messages with Mail::DKIM. Standard input: records of "NAME TXT\n" up to an empty line, then
# for each message its length in octets as a line and the message. Standard output: a line for each,
# with the result of its topmost signature.
use strict;
use warnings;
use Mail::DKIM::Verifier;
use Net::DNS::RR;

my %keys;
while (my $line = <STDIN>) {
    chomp $line;
    last if $line eq '';
    my ($name, $text) = split / /, $line, 2;
    $keys{lc $name} = $text;
}
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my $text = $keys{lc $_[0]};
        $@ = 'NXDOMAIN';
        return unless defined $text;
        return Net::DNS::RR->new(owner => $_[0], type => 'TXT', txtdata => [unpack '(a200)*', $text]);
    };
}
binmode STDIN;
while (my $length = <STDIN>) {
    my $message = '';
    read STDIN, $message, $length;
    my $result = eval {
        my $dkim = Mail::DKIM::Verifier->new;
        $dkim->PRINT($message);
        $dkim->CLOSE;
        my @signatures = $dkim->signatures;
        @signatures ? $signatures[0]->result : 'none';
    };
    print defined $result ? $result : 'error', "\n";
}
