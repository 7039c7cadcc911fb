using System.Text.Json.Serialization;

namespace SmimeGateway.Deciding;

/// <summary>Sets of algorithms that an industry prescribes.</summary>
public enum RuleProfile
{
    /// <summary>What the German energy market asks of messages between its participants.</summary>
    [JsonStringEnumMemberName("edi-energy")]
    EdiEnergy,
}
