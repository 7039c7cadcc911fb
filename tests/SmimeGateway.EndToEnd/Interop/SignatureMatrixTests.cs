using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>Every form, digest, padding and key, judged by all three judges. docs/interoperability.md tells people the same.</summary>
public sealed class SignatureMatrixTests(Judges judges, SigningGateway gateway) : IClassFixture<Judges>, IClassFixture<SigningGateway>
{
    public static TheoryData<KeyKind, string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<KeyKind, string, string, string>();
            foreach (var kind in Enum.GetValues<KeyKind>())
            {
                foreach (var form in SigningGateway.Forms)
                {
                    foreach (var digest in SigningGateway.Digests)
                    {
                        foreach (var padding in IsRsa(kind) ? SigningGateway.Paddings : ["pkcs1"])
                        {
                            cases.Add(kind, form, digest, padding);
                        }
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_judge_reads_what_it_can_read(KeyKind kind, string form, string digest, string padding)
    {
        var sender = SigningGateway.Sender(kind);

        var message = await gateway.SignAsync(kind, form, digest, padding, Lines.Message(sender));

        var openSsl = await judges.OpenSsl.JudgeAsync(message);
        openSsl.IsGoodFor(sender).ShouldBeTrue(openSsl.Text);
        var nss = await judges.Cmsutil.JudgeAsync(message);
        nss.IsGood.ShouldBeTrue(nss.Text);
        if (GpgsmReads(kind, digest))
        {
            var gpgsm = await judges.Gpgsm.JudgeAsync(message);
            gpgsm.IsGoodFor(sender).ShouldBeTrue(gpgsm.Text);
        }
    }

    private static bool IsRsa(KeyKind kind) => kind is KeyKind.Rsa2048 or KeyKind.Rsa3072 or KeyKind.Rsa4096;

    /// <summary>GnuPG 2.2 refuses an ECDSA digest that is shorter than the curve, and P-521 altogether, whoever signed.</summary>
    private static bool GpgsmReads(KeyKind kind, string digest) => kind switch
    {
        KeyKind.EcP521 => false,
        KeyKind.EcP384 => digest != "sha256",
        _ => true,
    };
}
