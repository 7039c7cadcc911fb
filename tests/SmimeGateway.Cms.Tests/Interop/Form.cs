namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>Where the signed content is.</summary>
public enum Form
{
    Clear,
    Opaque,
}
