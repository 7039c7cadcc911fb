using System.Globalization;
using SmimeGateway.Host.Commands;

// The same words and figures on every machine, whatever its language: they go into mail, logs and scripts.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

return await CommandLine.InvokeAsync(args);
