using System.Formats.Asn1;
using System.Numerics;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>What a PKCS #12 file asks to be hashed is judged before anything hashes it.</summary>
public sealed class Pkcs12CostTests
{
    private const string Plain = "1.2.840.113549.1.7.1";
    private const string Encrypted = "1.2.840.113549.1.7.6";
    private const string ManyTimes = "its password would have to be hashed more than 2000000 times, or less than once";

    [Theory]
    [InlineData(1, null)]
    [InlineData(20, null)]
    [InlineData(21, "it has more than 20 encrypted parts")]
    [InlineData(5000, "it has more than 20 encrypted parts")]
    public void So_many_encrypted_parts_are_too_many_wherever_they_stand(int parts, string? expected)
    {
        foreach (var plain in new[] { 0, 30 })
        {
            var file = Write([.. Enumerable.Repeat(Plain, plain), .. Enumerable.Repeat(Encrypted, parts)], _ => 1, mac: 1);

            Pkcs12Cost.IsAffordable(file, out var reason).ShouldBe(expected is null);
            reason.ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2_000_000, null)]
    [InlineData(2_000_001, ManyTimes)]
    [InlineData(long.MaxValue, ManyTimes)]
    [InlineData(0, ManyTimes)]
    [InlineData(-1, ManyTimes)]
    public void Every_number_of_times_counts_that_of_the_check_and_that_of_each_part(long times, string? expected)
    {
        byte[][] files =
        [
            Write([Encrypted], _ => 1, mac: times),
            Write([Encrypted, Plain, Encrypted], part => part == 0 ? times : 1, mac: 1),
            Write([Encrypted, Plain, Encrypted], part => part == 2 ? times : 1, mac: null),
        ];
        foreach (var file in files)
        {
            Pkcs12Cost.IsAffordable(file, out var reason).ShouldBe(expected is null);
            reason.ShouldBe(expected);
        }
    }

    [Fact]
    public void Cut_off_anywhere_it_is_no_such_file_or_costs_nothing()
    {
        var whole = Write([Plain, Encrypted], _ => 1, mac: 1);
        for (var length = 0; length < whole.Length; length++)
        {
            Pkcs12Cost.IsAffordable(whole.AsMemory(0, length), out var reason).ShouldBeFalse();
            reason.ShouldBe("it is no PKCS #12 file, or only a part of one");
        }
    }

    /// <summary>A file (RFC 7292 section 4) with as much in it as tells what opening it costs.</summary>
    private static byte[] Write(string[] parts, Func<int, long> timesOf, long? mac)
    {
        var safe = new AsnWriter(AsnEncodingRules.DER);
        using (safe.PushSequence())
        {
            for (var part = 0; part < parts.Length; part++)
            {
                using var info = safe.PushSequence();
                safe.WriteObjectIdentifier(parts[part]);
                using var explicitly = safe.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
                if (parts[part] == Plain)
                {
                    safe.WriteOctetString([]);
                    continue;
                }

                using var content = safe.PushSequence();
                safe.WriteInteger(0);
                using var encrypted = safe.PushSequence();
                safe.WriteObjectIdentifier(Plain);
                using var algorithm = safe.PushSequence();
                safe.WriteObjectIdentifier("1.2.840.113549.1.12.1.3");
                using var parameters = safe.PushSequence();
                safe.WriteOctetString(new byte[8]);
                safe.WriteInteger(timesOf(part));
            }
        }

        var file = new AsnWriter(AsnEncodingRules.DER);
        using (file.PushSequence())
        {
            file.WriteInteger(3);
            using (file.PushSequence())
            {
                file.WriteObjectIdentifier(Plain);
                using var explicitly = file.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
                file.WriteOctetString(safe.Encode());
            }

            if (mac is { } times)
            {
                using var check = file.PushSequence();
                using (file.PushSequence())
                {
                    using (file.PushSequence())
                    {
                        file.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
                    }

                    file.WriteOctetString(new byte[32]);
                }

                file.WriteOctetString(new byte[8]);
                file.WriteInteger(new BigInteger(times));
            }
        }

        return file.Encode();
    }
}
