# Reads KTAP with Perl's TAP::Parser: its top level as it is, then each nested block by itself, without its indentation.
# Prints "tests failed skipped" of the top level, then of all nested ones. Whatever the parser complains of is an error.
use strict;
use warnings;
use TAP::Parser;

my ($tests, $failed, $skipped) = (0, 0, 0);
sub read_tap {
    my ($text) = @_;
    my $parser = TAP::Parser->new({tap => $text});
    while (my $result = $parser->next) {
        next unless $result->is_test;
        $tests++;
        $failed++ unless $result->is_ok;
        $skipped++ if $result->has_skip;
    }
    die join("; ", $parser->parse_errors) . "\n" if $parser->parse_errors;
}

local $/;
open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my $text = <$file>;
$text =~ s/\AKTAP version 1\n// or die "no version line\n";
my $top = $text =~ s/^  .*\n//mgr;
my @blocks = map { s/^  //mgr } $text =~ /^(?:  .*\n)+/mg;
read_tap($top);
print "$tests $failed $skipped";
($tests, $failed, $skipped) = (0, 0, 0);
for my $block (@blocks) {
    $block =~ s/\AKTAP version 1\n// or $block =~ s/\A((?:# .*\n)*)KTAP version 1\n/$1/ or die "no nested version line\n";
    read_tap($block);
}
print " $tests $failed $skipped\n";
