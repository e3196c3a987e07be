/** A subscribed service as Enedis writes it (spec/device-flow 4.10.2). */
export interface ServiceDocument {
  readonly id: string;
  readonly pointId: string;
  readonly serviceCode: string;
  readonly etatCode: string;
  readonly etatLibelle: string;
  readonly dateDebut: string;
  readonly dateFin: string;
  readonly soutirage: boolean;
  readonly injection: boolean;
  readonly mesuresTypeCode: string;
  readonly mesuresPas?: string;
  readonly mesuresCorrigees: boolean;
  readonly sirenBeneficiaire: string;
  readonly autorisation: {
    readonly autorisationId: number;
    readonly autorisationLibelle: string;
    readonly autorisationType: string;
  };
}
