namespace SmimeGateway.Host.Configuration;

/// <summary>How bad a finding is.</summary>
internal enum CheckSeverity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>The gateway runs, but somebody should look at it.</summary>
    Warning,

    /// <summary>Mail will be refused or not delivered, or the gateway does not start.</summary>
    Error,
}
