using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Smtp.Client.Authentication;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

/// <summary>The server's side is written from MS-NLMP, with the user, password and hash of its examples (section 4.2).</summary>
public sealed class NtlmTests
{
    private const string Domain = "Domain";
    private static readonly byte[] NtHashOfPassword = Convert.FromHexString("A4F49C406510BDCAB6824EE7C30FD852");
    private static readonly byte[] ServerChallenge = Convert.FromHexString("0123456789ABCDEF");
    private static readonly ClientCredentials Credentials = new(ClientMechanism.Ntlm, @"Domain\User", () => "Password", null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_proof_is_that_of_the_users_password(bool isRight)
    {
        var proves = false;
        await using var nextHop = SomeLogin.Offer("NTLM", (verb, line) => verb switch
        {
            "AUTH" => ScriptedReply.Say("334 " + Convert.ToBase64String(MakeChallenge())),
            "RESPONSE" => (proves = Proves(Convert.FromBase64String(line))) ? null : ScriptedReply.Say("535 5.7.3 Authentication unsuccessful"),
            _ => null,
        });

        var opening = await OpenSession.TryAsync(
            nextHop, null, SomeTls.Required, isRight ? Credentials : Credentials with { Password = () => "Passw0rd" });

        opening.Trouble?.Diagnostic.ShouldBe("Logging in to the next hop by NTLM failed: 535 5.7.3 Authentication unsuccessful");
        opening.IsOpen.ShouldBe(isRight);
        proves.ShouldBe(isRight);
        await (opening.Session?.DisposeAsync() ?? default);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bm8gTlRMTQ==")]
    [InlineData("TlRMTVNTUAACAAAA")]
    public async Task A_challenge_that_is_none_is_cancelled(string challenge)
    {
        await using var nextHop = SomeLogin.Offer("NTLM", (verb, line) => verb is "AUTH" ? ScriptedReply.Say("334 " + challenge)
            : line == "*" ? ScriptedReply.Say("501 5.7.0 Cancelled") : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, Credentials);

        opening.Trouble!.Diagnostic.ShouldStartWith("Logging in to the next hop by NTLM failed: NTLM does not take the server's challenge");
        nextHop.Commands.ShouldContain("*");
    }

    [Fact]
    public void No_challenge_breaks_more_than_its_own_exchange()
    {
        var random = new Random(20260314);
        for (var i = 0; i < 2000; i++)
        {
            var challenge = MakeChallenge();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                challenge[random.Next(8, challenge.Length)] = (byte)random.Next(256);
            }

            using var ntlm = new NtlmMechanism("User", "Password", "mx.example.net", null);
            ntlm.Begin();
            try
            {
                ntlm.Answer(Convert.ToBase64String(challenge.AsSpan(0, random.Next(challenge.Length + 1))));
            }
            catch (SaslException)
            {
                // The way out that the exchange expects.
            }
        }
    }

    // CHALLENGE_MESSAGE (MS-NLMP section 2.2.1.2): Unicode, NTLM, extended session security, target information, 128 bits.
    private static byte[] MakeChallenge()
    {
        var name = Encoding.Unicode.GetBytes(Domain);
        byte[] target = [.. Pair(2, name), .. Pair(1, Encoding.Unicode.GetBytes("Server")), .. Pair(7, BitConverter.GetBytes(DateTime.UnixEpoch.ToFileTimeUtc())), .. Pair(0, [])];
        var message = new byte[56 + name.Length + target.Length];
        "NTLMSSP\0"u8.CopyTo(message);
        message[8] = 2;
        Field(message, 12, name.Length, 56);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(20), 0xE2898235);
        ServerChallenge.CopyTo(message, 24);
        Field(message, 40, target.Length, 56 + name.Length);
        message[48] = 10;
        message[55] = 15;
        name.CopyTo(message, 56);
        target.CopyTo(message, 56 + name.Length);
        return message;

        static byte[] Pair(short id, byte[] value) => [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes((short)value.Length), .. value];

        static void Field(byte[] message, int at, int length, int offset)
        {
            BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(at), (short)length);
            BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(at + 2), (short)length);
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(at + 4), offset);
        }
    }

    // NTLMv2 (section 3.3.2): the first 16 octets of the response are an HMAC over the challenge and the rest of it.
    [SuppressMessage("Security", "CA5351", Justification = "NTLM is made of it.")]
    private static bool Proves(byte[] message)
    {
        message.AsSpan(0, 12).SequenceEqual("NTLMSSP\0\u0003\0\0\0"u8).ShouldBeTrue();
        var response = Field(message, 20);
        var domain = Encoding.Unicode.GetString(Field(message, 28));
        var user = Encoding.Unicode.GetString(Field(message, 36));
        (domain, user).ShouldBe((Domain, "User"));
        var key = HMACMD5.HashData(NtHashOfPassword, Encoding.Unicode.GetBytes(user.ToUpperInvariant() + domain));
        byte[] proven = [.. ServerChallenge, .. response[16..]];
        return HMACMD5.HashData(key, proven).AsSpan().SequenceEqual(response.AsSpan(0, 16));

        static byte[] Field(byte[] message, int at) =>
            message.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(at + 4)), BinaryPrimitives.ReadInt16LittleEndian(message.AsSpan(at))).ToArray();
    }
}
