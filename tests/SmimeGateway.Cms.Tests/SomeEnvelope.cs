namespace SmimeGateway.Cms.Tests;

/// <summary>Encrypted objects that no test depends on in detail.</summary>
internal static class SomeEnvelope
{
    public static EnvelopedData Read(ReadOnlyMemory<byte> cms)
    {
        EnvelopedData.TryRead(cms, out var enveloped, out var fault).ShouldBeTrue(fault?.Reason);
        return enveloped!;
    }
}
