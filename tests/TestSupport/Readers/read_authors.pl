# Reads the authors of messages with Email::Address::XS and Mail::Address. One message in base64 per line in, one JSON object per line out.
use strict;
use warnings;
use Email::Address::XS;
use Encode ();
use JSON::PP ();
use MIME::Base64 ();
use Mail::Address;

my $json = JSON::PP->new->utf8->canonical;
while (my $line = <STDIN>) {
    my $message = MIME::Base64::decode_base64($line);
    my ($header) = split /^\r?\n/m, $message, 2;
    $header =~ s/\r?\n(?=[ \t])//g;
    my (@xs, @tools, @decoded, @names);
    while ($header =~ /^From[ \t]*:[ \t]*(.*?)\r?$/mig) {
        my $body = Encode::decode('UTF-8', $1, Encode::FB_DEFAULT);
        push @xs, map { $_->address // () } eval { Email::Address::XS->parse($body) };
        push @names, map { my $name = $_; eval { Encode::decode('MIME-Header', $name) } // $name }
            map { ($_->phrase // (), $_->comment // ()) } eval { Email::Address::XS->parse($body) };
        push @tools, map { $_->address // () } eval { Mail::Address->parse($body) };
        my $shown = eval { Encode::decode('MIME-Header', $body) } // $body;
        push @decoded, map { $_->address // () } eval { Email::Address::XS->parse($shown) };
    }
    print $json->encode({ 'Email::Address::XS' => \@xs, 'Mail::Address' => \@tools, 'decoding first: Email::Address::XS' => \@decoded, 'name: Email::Address::XS' => \@names }), "\n";
}
